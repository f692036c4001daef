/** A mode as chmod(1) takes it, in four digits: `0644`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
