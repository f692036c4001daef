import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';

const REPO = new URL('../../', import.meta.url).pathname;
/** An attack that hangs has succeeded. Those that wait by design take some seconds. */
const TEST_TIMEOUT_MS = 45_000;

/** `missed`: the test passed although the defense is gone. `not-run`: the test did not run. */
export type Fate = 'caught' | 'missed' | 'not-run';

/** Removes the defense from a copy of the product and runs the attack on it. */
export async function runMutant(mutant: Mutant): Promise<{ readonly fate: Fate; readonly output: string }> {
  const copy = await mkdtemp(join(tmpdir(), 'rd-mutant-'));
  try {
    for (const part of ['src', 'test', 'package.json'])
      await cp(join(REPO, part), join(copy, part), { recursive: true });
    await symlink(join(REPO, 'node_modules'), join(copy, 'node_modules'));
    await takeOut(mutant, join(copy, 'src'));
    const output = await runAttack(copy, mutant);
    return { fate: fateIn(output, mutant.attack), output };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** How often the text to remove occurs in the file. Any number but one means that the mutant has to be fixed. */
export async function placesOf({ file, from }: Mutant, src = join(REPO, 'src')): Promise<number> {
  return (await readFile(join(src, file), 'utf8')).split(from).length - 1;
}

async function takeOut(mutant: Mutant, src: string): Promise<void> {
  const places = await placesOf(mutant, src);
  if (places !== 1) throw new Error(`"${mutant.from}" stands ${places} times in src/${mutant.file}, not once`);
  const file = join(src, mutant.file);
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(mutant.from, () => mutant.to),
  );
}

function runAttack(copy: string, { test, attack }: Mutant): Promise<string> {
  const pattern = attack.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const args = ['--test', '--test-reporter=tap', `--test-timeout=${TEST_TIMEOUT_MS}`, `--test-name-pattern=${pattern}`];
  const child = spawn(process.execPath, [...args, join('test', test)], {
    cwd: copy,
    env: withoutTestContext(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      output += part;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', () => resolve(output));
  });
}

/** Without the variable that a test runner sets for its children, in case this itself runs in a test. */
function withoutTestContext(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
  return environment;
}

/** TAP escapes `#` and `\`. No attack has them in its name. */
function fateIn(output: string, attack: string): Fate {
  const lines = output.split('\n').map((line) => line.trim());
  const result = lines.find(
    (line) => /^(not )?ok \d+ - /.test(line) && line.replace(/^(not )?ok \d+ - /, '') === attack,
  );
  // If the setup of the attack failed, the test's failure says nothing.
  if (result === undefined || output.includes("failureType: 'hookFailed'")) return 'not-run';
  return result.startsWith('not ok') ? 'caught' : 'missed';
}
