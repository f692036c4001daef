import { parseGuardVersion } from '../../host/answer/parse-guard-version.ts';
import { versionRequest } from '../../host/request/guard-request.ts';
import type { GuardVersion } from '../../model/connection/guard-version.ts';
import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { SshProblem } from '../../model/connection/ssh-problem.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { NotConnectedReason, RemoteHost, RemoteOutput, RunOptions } from '../ports/host.ts';
import type { SudoRefusal } from './refusals.ts';
import { runGuard, whyNoAnswer } from './run-guard.ts';

const LIMITS: RunOptions = { timeoutMs: 15_000, maxOutputBytes: 64 * 1024 };

/** The result of asking a host's guard for its version. */
export type GuardAnswer =
  | { readonly kind: 'version'; readonly version: GuardVersion }
  | { readonly kind: 'not-connected'; readonly reason: NotConnectedReason; readonly why: SshProblem }
  | ({ readonly kind: 'sudo-refused' } & SudoRefusal)
  /** A program answered, and it was not our guard. */
  | { readonly kind: 'other'; readonly exitCode: number; readonly said: string }
  | { readonly kind: 'no-end'; readonly why: NoAnswer };

/** Asks the guard for its version in one round trip that changes nothing. Never throws for what a host does. */
export async function askGuardVersion(remote: RemoteHost, host: HostSettings): Promise<GuardAnswer> {
  const run = await runGuard(remote, host, versionRequest, LIMITS);
  switch (run.kind) {
    case 'not-connected':
      return run;
    case 'sudo-refused':
      return { kind: 'sudo-refused', ...run.refusal };
    case 'failed':
      return { kind: 'other', exitCode: run.exitCode, said: errorsOf(run.output) };
    case 'guard-refused':
    case 'timed-out':
    case 'no-exit-status':
    case 'truncated':
      return { kind: 'no-end', why: whyNoAnswer(run) };
    case 'answered': {
      const parsed = parseGuardVersion(run.output.stdout, run.nonce);
      return parsed.kind === 'version' ? parsed : { kind: 'other', exitCode: 0, said: errorsOf(run.output) };
    }
  }
}

function errorsOf({ stderr }: RemoteOutput): string {
  return new TextDecoder().decode(stderr);
}
