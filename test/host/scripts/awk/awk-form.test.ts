import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What awks of old hosts read otherwise than those of this machine. `npm run hosts` runs them all. */

const AWK = new URL('../../../../src/host/scripts/awk/', import.meta.url);
const KEYWORDS = new Set(['if', 'while', 'for', 'in', 'return', 'print', 'printf', 'else', 'switch']);

/** Each line of a program without its strings, patterns and comments. */
function linesOf(file: string): readonly string[] {
  const text = readFileSync(new URL(file, AWK), 'utf8');
  return text
    .replaceAll(/^ *#.*$/gm, '')
    .replaceAll(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replaceAll(/(?<=[~(,!&|] ?)\/(?:[^/\\\n]|\\.)+\//g, '""')
    .split('\n');
}

/** busybox before 1.31 takes a name with a space and a parenthesis behind it for the call of a function. */
function looksLikeCall(line: string): boolean {
  return [...line.matchAll(/\b([A-Za-z_]\w*) \(/g)].some(([, name = '']) => !KEYWORDS.has(name));
}

/** POSIX: a comparison that print is given stands in parentheses. */
function comparesInPrint(line: string): boolean {
  let statement = /\bprint (.*)/.exec(line)?.[1] ?? '';
  for (let inner = ''; inner !== statement; ) [inner, statement] = [statement, statement.replaceAll(/\([^()]*\)/g, '')];
  return /[<>]/.test(statement.split(/[;}]/)[0] ?? '');
}

for (const file of readdirSync(AWK, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.awk'))) {
  test(`${file} has no name that an old busybox awk takes for a function, and no bare comparison for print`, () => {
    const odd = linesOf(file).filter((line) => looksLikeCall(line) || comparesInPrint(line));
    assert.deepEqual(odd, []);
  });
}
