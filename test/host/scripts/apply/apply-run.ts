import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseApplyOutcome } from '../../../../src/host/answer/parse-apply-outcome.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { applyRequest, outcomeRequest } from '../../../../src/host/request/guard-request.ts';
import type { ApplyOutcome } from '../../../../src/model/plan/execution.ts';
import type { Plan } from '../../../../src/model/plan/plan.ts';
import { DASH, type RunAs, runScript, type Shell } from '../../shells.ts';

const NONCE = 'applynonce';
/** Where root keeps the claims of plans on a host; here, on this machine. */
const CLAIMS = '/var/lib/registry-doctor/plans';

type Options = { readonly as?: RunAs; readonly env?: Record<string, string> };

export function apply(shell: Shell, plan: Plan, options: Options = {}): ApplyOutcome {
  return run(shell, applyInput(plan), options);
}

export function outcome(shell: Shell, plan: Plan, options: Options = {}): ApplyOutcome {
  return run(shell, guardOverStdin(outcomeRequest(NONCE, unsigned(plan))), options);
}

const unsigned = (plan: Plan) => ({ plan, signature: null, approvals: [] });

/** The guard with a plan to apply or undo, as it goes to a shell. */
export function applyInput(plan: Plan): string {
  return guardOverStdin(applyRequest(NONCE, unsigned(plan)));
}

function run(shell: Shell, script: string, options: Options): ApplyOutcome {
  const { stdout, stderr, status } = runScript(shell, script, options);
  assert.deepEqual({ stderr: stderr.toString(), status }, { stderr: '', status: 0 });
  return parseApplyOutcome(stdout, NONCE);
}

/** Starts the script in a process group of its own and leaves it at work. */
export function startApply(shell: Shell, plan: Plan): ChildProcess {
  const [program = '', ...args] = shell.command;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  // It may be killed before it has read everything.
  child.stdin?.on('error', () => {}).end(applyInput(plan));
  return child;
}

/** Starts it, and kills it and all that it started after so many milliseconds. */
export async function killedAfter(ms: number, shell: Shell, plan: Plan): Promise<void> {
  const child = startApply(shell, plan);
  const exited = once(child, 'exit');
  await sleep(ms);
  signalGroup(child, 'SIGKILL');
  await exited;
}

/** The script and everything that it started. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended on its own.
  }
}

/** Runs the script after a preparation of its own mount namespace, which ends with it. */
export function applyAfter(preparation: string, plan: Plan): ApplyOutcome {
  const command = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', `${preparation} && exec dash -s`];
  return run({ ...DASH, command }, applyInput(plan), {});
}

/** Without the whole states of the directories, which the steps' own words are told beside. */
export function brief(outcome: ApplyOutcome): unknown {
  if (!('steps' in outcome)) return outcome;
  return { ...outcome, steps: outcome.steps.map(({ path, before, after }) => ({ path, before, after })) };
}

export function parseOutput(raw: Uint8Array): ApplyOutcome {
  return parseApplyOutcome(raw, NONCE);
}

/** The host's own record of a plan. */
export function claimOf(plan: Plan): string {
  return `${CLAIMS}/${plan.hash.slice('sha256:'.length)}`;
}

export function forget(plans: Iterable<Plan>): void {
  for (const plan of plans) execFileSync('rm', ['-rf', '--', claimOf(plan)]);
}
