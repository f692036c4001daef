import { messageOf } from '../../model/message-of.ts';
import type { WorkflowContext } from '../context.ts';
import type { AuditTrail } from '../ports/audit-trail.ts';
import { ENTRIES_AT_ONCE, type Position, type Sending, type Sent, sendSome } from './send-some.ts';

const LOOK_EVERY_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Of what the collector asks for: it could ask for years. */
const LONGEST_ASKED_MS = 60 * 60_000;

/**
 * Sends every entry to the collector, in order, until `stop`. Where it is lies in the store, and moves on once entries are taken: after a
 * restart none is left out, and some can be sent twice. Entries that the collector does not take wait, however long.
 */
export async function sendEntriesUntil(
  stop: AbortSignal,
  context: Pick<WorkflowContext, 'store' | 'clock' | 'log' | 'metrics'>,
  sending: Sending,
): Promise<void> {
  const { clock, log } = context;
  const position: Position = { last: null };
  let failures = 0;
  let toldWhy: string | null = null;
  while (!stop.aborted) {
    const sent = await sendSome(stop, context, sending, position).catch(failed);
    if (stop.aborted) return;
    if (sent !== null && sent.kind === 'failed') {
      if (sent.why !== toldWhy)
        log.warn(
          { why: sent.why, after: position.last },
          'audit entries could not be sent to the collector; they wait',
        );
      toldWhy = sent.why;
      await clock.sleep(pauseMs(failures, sent.afterMs, sending.random()), stop);
      failures += 1;
      continue;
    }
    if (failures > 0) log.info({ failures }, 'the collector can be reached again');
    failures = 0;
    toldWhy = null;
    if (sent === null) await clock.sleep(LOOK_EVERY_MS, stop);
  }
}

/** When the oldest entry was recorded that was not sent. Null: all were. Rejects if none of the oldest has a time that can be read. */
export async function oldestUnsent(
  { store }: Pick<WorkflowContext, 'store'>,
  trail: Pick<AuditTrail, 'storedAfter'>,
): Promise<string | null> {
  const unsent = await trail.storedAfter(await store.transact((tx) => tx.lastSentEntry()), ENTRIES_AT_ONCE);
  if (unsent.length === 0) return null;
  const dated = unsent.find(({ at }) => !Number.isNaN(Date.parse(at)));
  if (dated === undefined) throw new Error('no entry that was not sent has a time that can be read');
  return dated.at;
}

function failed(error: unknown): Extract<Sent, { kind: 'failed' }> {
  return { kind: 'failed', why: messageOf(error), afterMs: 0 };
}

/** Doubles with each failure, less up to one half, so that bots don't return together; at least what the collector asks for. */
function pauseMs(failures: number, askedMs: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return Math.max(longest * (1 - random / 2), Math.min(askedMs, LONGEST_ASKED_MS));
}
