import type { Mode } from '../model/host/facts.ts';

/** A mode as chmod(1) takes it, in four digits: `0644`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Writes the mode of a directory as ls(1) does: `drwxr-x---`. */
export function directoryMode(mode: Mode): string {
  const bits = Number.parseInt(mode, 8);
  const special = { owner: bits & 0o4000, group: bits & 0o2000, other: bits & 0o1000 };
  return [
    'd',
    letters(bits >> 6, special.owner ? 's' : null),
    letters(bits >> 3, special.group ? 's' : null),
    letters(bits, special.other ? 't' : null),
  ].join('');
}

function letters(threeBits: number, special: 's' | 't' | null): string {
  const search = (threeBits & 1) !== 0;
  const last = special === null ? (search ? 'x' : '-') : search ? special : special.toUpperCase();
  return `${threeBits & 4 ? 'r' : '-'}${threeBits & 2 ? 'w' : '-'}${last}`;
}
