import { bytesFromText, textFromBytes } from '../../model/host/host-path.ts';

/** Decodes a latin1 string (one character per byte) to the text form used in Facts. */
export function textOf(latin1: string): string {
  return textFromBytes(Buffer.from(latin1, 'latin1'));
}

/** Encodes a text of the Facts as its bytes, one character each. */
export function bytesOf(text: string): string {
  return Buffer.from(bytesFromText(text)).toString('latin1');
}
