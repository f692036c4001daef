import { setTimeout as sleep } from 'node:timers/promises';
import type { HostName } from '../../model/record/ids.ts';
import type { HostSession, HostSessions } from '../../workflow/ports/bots.ts';

/** Longer than a plan counts whose bot died in the middle of it. */
export const SESSION_WAIT_MS = 150_000;
const ASK_EVERY_MS = 100;
/** A process that was stopped since it asked does not begin: the session would outlast what is counted. */
const BEGIN_WITHIN_MS = 2_000;

/**
 * Waits until one more session on the host is counted, which is to begin at once and ends within `lastsMs`. Null: others had all of them for
 * {@link SESSION_WAIT_MS}. Rejects if it can't be counted.
 */
export async function countSession(
  sessions: HostSessions,
  host: HostName,
  { most, lastsMs }: { readonly most: number; readonly lastsMs: number },
): Promise<HostSession | null> {
  const giveUpAt = performance.now() + SESSION_WAIT_MS;
  while (performance.now() < giveUpAt) {
    const askedAt = performance.now();
    const session = await sessions.take(host, { most, lastsMs: BEGIN_WITHIN_MS + lastsMs });
    if (session !== null && performance.now() - askedAt < BEGIN_WITHIN_MS) return session;
    await session?.giveBack();
    await sleep(ASK_EVERY_MS);
  }
  return null;
}
