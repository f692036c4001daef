import { bytesFromText, textFromBytes } from '../../model/host/host-path.ts';

/** Text, as facts have it, of a string that has one character for each byte. */
export function textOf(latin1: string): string {
  return textFromBytes(Buffer.from(latin1, 'latin1'));
}

/** The bytes that a text of the facts stands for, one character each. */
export function bytesOf(text: string): string {
  return Buffer.from(bytesFromText(text)).toString('latin1');
}
