import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { applyScript, outcomeScript } from '../../src/host/apply-script.ts';
import { parseApplyOutcome } from '../../src/host/parse-apply-outcome.ts';
import type { ApplyOutcome } from '../../src/model/execution.ts';
import type { Plan } from '../../src/model/plan.ts';
import { DASH, type RunAs, runScript, type Shell } from './shells.ts';

const NONCE = 'applynonce';
/** Where root keeps the claims of plans on a host; here, on this machine. */
const CLAIMS = '/var/lib/registry-doctor/plans';

type Options = { readonly as?: RunAs; readonly env?: Record<string, string> };

export function apply(shell: Shell, plan: Plan, options: Options = {}): ApplyOutcome {
  return run(shell, applyScript({ nonce: NONCE, plan }), options);
}

export function outcome(shell: Shell, plan: Plan, options: Options = {}): ApplyOutcome {
  return run(shell, outcomeScript({ nonce: NONCE, plan }), options);
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
  child.stdin?.on('error', () => {}).end(applyScript({ nonce: NONCE, plan }));
  return child;
}

/** Runs the script after a preparation of its own mount namespace, which ends with it. */
export function applyAfter(preparation: string, plan: Plan): ApplyOutcome {
  const command = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', `${preparation} && exec dash -s`];
  return run({ ...DASH, command }, applyScript({ nonce: NONCE, plan }), {});
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
