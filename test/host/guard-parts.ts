import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runScript, type Shell } from './shells.ts';

const SCRIPTS = new URL('../../src/host/scripts/', import.meta.url);

/** Some of the guard's own functions, with a program of the test's that calls them; what it prints. */
export function runParts(shell: Shell, parts: readonly string[], program: string): Buffer {
  const texts = ['lib/setup.sh', ...parts].map((part) => readFileSync(new URL(part, SCRIPTS), 'utf8'));
  const { stdout, stderr, status } = runScript(shell, `{\n${[...texts, program].join('\n')}\nexit 0\n}\n`);
  assert.deepEqual({ stderr: stderr.toString(), status }, { stderr: '', status: 0 });
  return stdout;
}
