import type { SshProblem } from '../../model/host/ssh-problem.ts';
import type { NotConnectedReason, RemoteOutcome } from '../../workflow/ports.ts';

/** Nothing was run on the host. */
export type NotConnected = Extract<RemoteOutcome, { kind: 'not-connected' }>;

/** The server hung up before it had shown a key, as sshd does at random beyond its MaxStartups. */
export type Dropped = { readonly kind: 'dropped'; readonly why: SshProblem };

export function notConnected(reason: NotConnectedReason, why: SshProblem): NotConnected {
  return { kind: 'not-connected', reason, why };
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
