import { bytesFromText, textFromBytes } from '../../model/host/host-path.ts';

/** Decodes a latin1 string (one character per byte) to text as it is kept in Facts. */
export function textOf(latin1: string): string {
  return textFromBytes(Buffer.from(latin1, 'latin1'));
}

/** Encodes text from Facts as a latin1 string: its bytes, one character per byte. */
export function bytesOf(text: string): string {
  return Buffer.from(bytesFromText(text)).toString('latin1');
}
