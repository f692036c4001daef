import { randomBytes } from 'node:crypto';
import { guardInput } from '../../host/request/guard-input.ts';
import type { GuardRequest } from '../../host/request/guard-request.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { SshProblem } from '../../model/connection/ssh-problem.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { NotConnectedReason, RemoteHost, RemoteOutcome, RemoteOutput, RunOptions } from '../ports/host.ts';
import { guardRefusal, isGuardRefusal, type SudoRefusal, sudoRefusal } from './refusals.ts';

/** The result of one run of a host's guard. Only `answered` holds an answer. The others say why there is none. */
export type GuardRun =
  /** The guard ended with status 0, and its output is complete. `nonce` marks its answer. */
  { readonly kind: 'answered'; readonly nonce: string; readonly output: RemoteOutput } | Unanswered;

export type Unanswered = NotRun | Interrupted;

/** Certainly no guard read the request. */
export type NotRun =
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem }
  | { readonly kind: 'sudo-refused'; readonly refusal: SudoRefusal; readonly output: RemoteOutput }
  /** An installed guard does not trust its own path, and says why. */
  | {
      readonly kind: 'guard-refused';
      readonly exitCode: number;
      readonly why: GuardReason;
      readonly output: RemoteOutput;
    };

/** The guard might have done what was requested, completely or in part. */
export type Interrupted =
  | { readonly kind: 'timed-out'; readonly timeoutMs: number; readonly output: RemoteOutput }
  | { readonly kind: 'no-exit-status'; readonly why: SshProblem; readonly output: RemoteOutput }
  | { readonly kind: 'truncated'; readonly exitCode: number; readonly output: RemoteOutput }
  /** The guard ends with 0 once it has answered. Any other status means that something interfered. */
  | { readonly kind: 'failed'; readonly exitCode: number; readonly output: RemoteOutput };

/**
 * Runs a host's guard with one request. Only here is it judged whether to believe a run. Never throws for what a host
 * does.
 */
export async function runGuard(
  remote: RemoteHost,
  host: HostSettings,
  requestOf: (nonce: string) => GuardRequest,
  limits: RunOptions,
): Promise<GuardRun> {
  const nonce = randomBytes(16).toString('hex');
  return judged(await remote.run(host, guardInput(host, requestOf(nonce)), limits), nonce);
}

function judged(outcome: RemoteOutcome, nonce: string): GuardRun {
  if (outcome.kind !== 'exited') return outcome;
  const { exitCode, output } = outcome;
  const refusal = sudoRefusal(outcome);
  if (refusal !== null) return { kind: 'sudo-refused', refusal, output };
  const why = guardRefusal(outcome);
  if (why !== null) return { kind: 'guard-refused', exitCode, why, output };
  if (output.truncated) return { kind: 'truncated', exitCode, output };
  return exitCode === 0 ? { kind: 'answered', nonce, output } : { kind: 'failed', exitCode, output };
}

export function isNotRun(run: Unanswered): run is NotRun {
  return run.kind === 'not-connected' || run.kind === 'sudo-refused' || run.kind === 'guard-refused';
}

/** Why there is no answer, in the form that is recorded and shown. */
export function whyNoAnswer(run: Unanswered): NoAnswer {
  switch (run.kind) {
    case 'not-connected':
    case 'no-exit-status':
      return { code: 'ssh', problem: run.why };
    case 'sudo-refused':
      return { code: 'sudo-refused', ...run.refusal };
    case 'guard-refused':
      return { code: 'guard-refused', why: run.why };
    case 'timed-out':
      return { code: 'timed-out', timeoutMs: run.timeoutMs };
    case 'truncated':
      return { code: 'too-long' };
    case 'failed':
      return { code: 'guard-failed', exitCode: run.exitCode, said: firstLine(run.output.stderr) };
  }
}

/** Returns the first line of a stream, bounded. */
export function firstLine(stream: Uint8Array): string {
  return new TextDecoder().decode(stream.subarray(0, MAX_SAID_BYTES)).split('\n')[0] ?? '';
}

const MAX_SAID_BYTES = 400;

/** A shell ends with one of these if the program can't be run or is not there (sh(1), EXIT STATUS). */
const NOT_A_PROGRAM: readonly number[] = [126, 127];

/** In what the config and the host disagree about the guard, if that is why there is no answer. */
export function guardMismatch(run: Unanswered, { guard }: HostSettings): NoAnswer | null {
  if (run.kind !== 'sudo-refused' && run.kind !== 'failed' && run.kind !== 'guard-refused') return null;
  if (guard === null) {
    const isForced = run.kind !== 'sudo-refused' && isGuardRefusal(run.exitCode, run.output);
    return isForced ? { code: 'guard-not-expected' } : null;
  }
  if (run.kind === 'sudo-refused') {
    const { problem, said } = run.refusal;
    return problem === 'not-allowed' ? { code: 'guard-not-installed', path: guard.path, said } : null;
  }
  if (!NOT_A_PROGRAM.includes(run.exitCode)) return null;
  return { code: 'guard-not-installed', path: guard.path, said: firstLine(run.output.stderr) };
}
