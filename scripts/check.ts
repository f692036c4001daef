/**
 * `npm run check`: format and lint, types, import rules. All at once, because each leaves processors idle. What one prints comes in
 * one piece when it ends.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { exitStatus } from './exit-status.ts';

const CHECKS = [
  'biome check --error-on-warnings .',
  // One checker: several judge the same types again, each for itself, and take half as much time again of the processors.
  'tsc --checkers 1',
  'depcruise --config .dependency-cruiser.mjs --output-type err-long src',
];

const statuses = await Promise.all(CHECKS.map(run));
process.exitCode = Math.max(...statuses);

/** Resolves to the exit status. */
async function run(check: string): Promise<number> {
  const child = spawn(`${check} 2>&1`, { shell: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed, status] = await Promise.all([text(child.stdout), exitStatus(child)]);
  process.stdout.write(printed);
  return status;
}
