import type { SshProblem } from '../../model/connection/ssh-problem.ts';
import type { NotConnectedReason, RemoteOutcome } from '../../workflow/ports/host.ts';

/** The outcome of a connection that failed: nothing was run on the host. */
export type NotConnected = Extract<RemoteOutcome, { kind: 'not-connected' }>;

/**
 * The outcome of a connection that the server closed before it had shown its host key. It is retried once, because sshd
 * drops clients at random above its MaxStartups.
 */
export type Dropped = { readonly kind: 'dropped'; readonly why: SshProblem };

export function notConnected(reason: NotConnectedReason, why: SshProblem): NotConnected {
  return { kind: 'not-connected', reason, why };
}
