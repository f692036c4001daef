import { spawn } from 'node:child_process';
import { once } from 'node:events';

export const CTRL_C = '\u0003';
const AGAIN_MS = 250;

type Where = { readonly cwd?: string; readonly env: NodeJS.ProcessEnv };
type Answer = readonly [seen: string, typed: string];

/**
 * Runs a line of shell on a terminal of its own (script(1)). Each answer is typed once its question appears. `unasked`:
 * the answers that no question asked for.
 */
export async function atTerminal(line: string, answers: readonly Answer[], { cwd, env }: Where) {
  const child = spawn('script', ['-qec', line, '/dev/null'], { cwd, env });
  const ended = once(child, 'close');
  const unasked = [...answers];
  let screen = '';
  let again: NodeJS.Timeout | undefined;
  child.stdin.on('error', () => {});
  child.stdout.on('data', (part: Buffer) => {
    screen += part.toString();
    const [next] = unasked;
    if (next === undefined || !screen.includes(next[0])) return;
    unasked.shift();
    child.stdin.write(next[1]);
    // ssh-keygen loses a signal between its prompt and its read (readpassphrase(3)). A person would press it again.
    if (next[1] === CTRL_C) again = setInterval(() => child.stdin.write(CTRL_C), AGAIN_MS);
  });
  await ended;
  clearInterval(again);
  return { status: child.exitCode, screen, unasked };
}
