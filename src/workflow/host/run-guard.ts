import { randomBytes } from 'node:crypto';
import { parseGuardReason } from '../../host/answer/parse-guard-reason.ts';
import { guardInput } from '../../host/request/guard-input.ts';
import type { GuardRequest } from '../../host/request/guard-request.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { SshProblem } from '../../model/connection/ssh-problem.ts';
import type { GuardReason } from '../../model/plan/guard-reason.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { NotConnectedReason, RemoteHost, RemoteOutcome, RemoteOutput, RunOptions } from '../ports.ts';

/** The result of one run of a host's guard. Only `answered` holds an answer. The others say why there is none. */
export type GuardRun =
  /** The guard ended with status 0, and its output is complete. `nonce` marks its answer. */
  { readonly kind: 'answered'; readonly nonce: string; readonly output: RemoteOutput } | Unanswered;

export type Unanswered = NotRun | Interrupted;

/** Certainly no guard read the request. */
export type NotRun =
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem }
  | { readonly kind: 'sudo-refused'; readonly output: RemoteOutput }
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
  if (isSudoRefusal(outcome)) return { kind: 'sudo-refused', output };
  const why = guardRefusalOf(outcome);
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
      return { code: 'sudo-refused', said: firstError(run.output) };
    case 'guard-refused':
      return { code: 'guard-refused', why: run.why };
    case 'timed-out':
      return { code: 'timed-out', timeoutMs: run.timeoutMs };
    case 'truncated':
      return { code: 'too-long' };
    case 'failed':
      return { code: 'guard-failed', exitCode: run.exitCode, said: firstError(run.output) };
  }
}

/** Returns the first line of its standard error, bounded. */
function firstError({ stderr }: RemoteOutput): string {
  return new TextDecoder().decode(stderr.subarray(0, MAX_SAID_BYTES)).split('\n')[0] ?? '';
}

const MAX_SAID_BYTES = 400;

const NO_SUCH_COMMAND = 127;

/** What sudo says under LC_ALL=C when it runs nothing (sudo 1.9, plugins/sudoers; sudo-rs names itself too). */
const REFUSAL = /^(sudo(-rs)?: |Sorry, user )/m;
/** A warning after which sudo continues. */
const WARNING = /^sudo: unable to resolve host .*$/gm;
const MISSING = /\bsudo: (command )?not found/;

/**
 * Whether `sudo -n` refused to run the script (a password is required, the rule or sudo itself is missing). Then
 * nothing of the script has run. Recognized by the exit code, an empty stdout and sudo's own words on stderr. With only
 * the exit code, a script's own 1 would look the same.
 */
export function isSudoRefusal(outcome: RemoteOutcome): boolean {
  if (outcome.kind !== 'exited' || outcome.output.stdout.length > 0) return false;
  const stderr = new TextDecoder().decode(outcome.output.stderr);
  if (outcome.exitCode === NO_SUCH_COMMAND) return MISSING.test(stderr);
  return outcome.exitCode === 1 && REFUSAL.test(stderr.replace(WARNING, ''));
}

/** EX_CONFIG (sysexits.h): accounts other than root can change the guard or its files (scripts/guard.sh). */
const NOT_TRUSTED = 78;
/** EX_USAGE (sysexits.h): what it read is no request. */
const NOT_A_REQUEST = 64;
const SAID = /^registry-doctor guard: ([ -~]{1,300})$/m;

/**
 * Whether an installed guard refused what was sent. A host without `guard:` in the config is sent no request, so this
 * shows that its key is forced to a guard.
 */
export function isGuardRefusal(exitCode: number, { stdout, stderr }: RemoteOutput): boolean {
  if (stdout.length > 0 || ![NOT_A_REQUEST, NOT_TRUSTED].includes(exitCode)) return false;
  return SAID.test(new TextDecoder().decode(stderr));
}

/** A shell ends with one of these if the program can't be run or is not there (sh(1), EXIT STATUS). */
const NOT_A_PROGRAM: readonly number[] = [126, 127];

/** In what the config and the host disagree about the guard, if that is why there is no answer. */
export function guardMismatch(run: Unanswered, { guard }: HostSettings): NoAnswer | null {
  if (run.kind !== 'sudo-refused' && run.kind !== 'failed' && run.kind !== 'guard-refused') return null;
  if (guard === null) {
    const isForced = run.kind !== 'sudo-refused' && isGuardRefusal(run.exitCode, run.output);
    return isForced ? { code: 'guard-not-expected' } : null;
  }
  const isMissing = run.kind === 'sudo-refused' || NOT_A_PROGRAM.includes(run.exitCode);
  return isMissing ? { code: 'guard-not-installed', path: guard.path, said: firstError(run.output) } : null;
}

/**
 * Why the guard read no request. Null if that is not certain. Recognized by its status, its words and an empty answer:
 * it checks its own path before anything else.
 */
function guardRefusalOf(outcome: Extract<RemoteOutcome, { kind: 'exited' }>): GuardReason | null {
  if (outcome.exitCode !== NOT_TRUSTED || outcome.output.stdout.length > 0) return null;
  const [, said = null] = SAID.exec(new TextDecoder().decode(outcome.output.stderr)) ?? [];
  return said === null ? null : parseGuardReason(said);
}
