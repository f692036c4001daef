import { readdirSync, readFileSync } from 'node:fs';
import { shellAssignment } from './shell-assignment.ts';

const SCRIPTS = new URL('./scripts/', import.meta.url);

/** Every part that a script can be made of, read once. */
const PARTS: ReadonlyMap<string, string> = new Map(
  readdirSync(SCRIPTS).map((file) => [file, readFileSync(new URL(file, SCRIPTS), 'utf8')]),
);

export type ScriptParts = {
  /** Files of `scripts/`, in order; the last one defines `main`. */
  readonly files: readonly string[];
  /** Programs in another language, or for another shell, that the script hands on: variable name → file. */
  readonly programs: Readonly<Record<string, string>>;
  /** Data: variable name → value. Never part of the program text but as a quoted value. */
  readonly values: Readonly<Record<string, string | Uint8Array>>;
  /** Made here for this call, as functions. */
  readonly functions?: string;
};

/**
 * One POSIX sh program for `/bin/sh -s`. It stands in braces: the shell runs nothing before it has read the closing
 * brace, so that a script cut by a dying connection does nothing. `main` reads from /dev/null, so that no child eats
 * what the shell still has to read.
 */
export function composeScript({ files, programs, values, functions }: ScriptParts): string {
  const header = [
    ...Object.entries(values).map(([name, value]) => shellAssignment(name, value)),
    ...Object.entries(programs).map(([name, file]) => shellAssignment(name, part(file))),
  ];
  const body = [part('setup.sh'), ...header, ...files.map(part), functions ?? '', 'main </dev/null', 'exit 0'];
  return `{\n${body.join('\n')}\n}\n`;
}

function part(file: string): string {
  const text = PARTS.get(file);
  if (text === undefined) throw new Error(`no script part ${file}`);
  return text;
}
