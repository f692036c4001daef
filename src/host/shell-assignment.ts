/** Printable ASCII: needs no more than single quotes, in every shell and every locale. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A POSIX sh assignment of exactly these bytes to a variable. The result is pure ASCII: other bytes are rebuilt on the
 * host with `printf %b`, and a dot keeps trailing newlines, which `$(…)` would drop.
 *
 * @throws RangeError for a NUL byte, which no shell variable, path or argument can hold.
 */
export function shellAssignment(name: string, value: string | Uint8Array): string {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  if (bytes.includes(0)) throw new RangeError(`a NUL byte cannot be part of ${name}`);
  const text = Buffer.from(bytes).toString('latin1');
  if (PLAIN.test(text)) return `${name}=${singleQuoted(text)}`;
  return `${name}=$(printf %b. '${escaped(text)}') ${name}=\${${name}%.}`;
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** `\0ooo` is the octal form of `printf %b` (POSIX); `\ooo` would be another program's. */
function escaped(latin1: string): string {
  return latin1.replace(/[^A-Za-z0-9/._-]/g, (byte) => `\\0${byte.charCodeAt(0).toString(8).padStart(3, '0')}`);
}
