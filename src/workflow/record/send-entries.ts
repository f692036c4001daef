import { messageOf } from '../../model/message-of.ts';
import type { WorkflowContext } from '../context.ts';
import type { AuditTrail, EntryCollector, Sent } from '../ports.ts';

const LOOK_EVERY_MS = 1_000;
const ENTRIES_AT_ONCE = 100;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Of what the collector asks for: it could ask for years. */
const LONGEST_ASKED_MS = 60 * 60_000;

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log'>;

export type Sending = {
  readonly trail: Pick<AuditTrail, 'entriesAfter'>;
  readonly collector: EntryCollector;
  /** From 0 to 1. */
  readonly random: () => number;
};

/**
 * Sends every entry to the collector, in order, until `stop`. Where it is lies in the store, and moves on once entries are taken: after a
 * restart none is left out, and some can be sent twice. Entries that the collector does not take wait, however long.
 */
export async function sendEntriesUntil(stop: AbortSignal, context: Context, sending: Sending): Promise<void> {
  const { clock, log } = context;
  const position: Position = { last: null };
  let failures = 0;
  let toldWhy: string | null = null;
  while (!stop.aborted) {
    const sent = await sendSome(stop, context, sending, position).catch(failed);
    if (stop.aborted) return;
    if (sent !== null && sent.kind === 'failed') {
      if (sent.why !== toldWhy)
        log.warn({ why: sent.why }, 'audit entries could not be sent to the collector; they wait');
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

/** When the oldest entry was recorded that was not sent. Null: all were. */
export async function oldestUnsent({ store }: Pick<Context, 'store'>, trail: Sending['trail']): Promise<string | null> {
  const [oldest] = await trail.entriesAfter(await store.transact((tx) => tx.lastSentEntry()), 1);
  return oldest?.at ?? null;
}

/** The number of the last entry that was sent. Null: it was not read from the store yet. */
type Position = { last: number | null };

/** A position that no entry has is that of another record, or was changed: then all are sent again, which loses none. */
async function firstPosition(store: Context['store'], trail: Sending['trail'], log: Context['log']): Promise<number> {
  const last = await store.transact((tx) => tx.lastSentEntry());
  const [entry] = last === 0 ? [] : await trail.entriesAfter(last - 1, 1);
  if (last === 0 || entry?.sequence === last) return last;
  log.error({ last }, 'the record does not have the entry that was sent last, so all entries are sent again');
  return 0;
}

/** Null: there was nothing to send. */
async function sendSome(
  stop: AbortSignal,
  { store, log }: Context,
  { trail, collector }: Sending,
  position: Position,
): Promise<Sent | null> {
  position.last ??= await firstPosition(store, trail, log);
  const entries = await trail.entriesAfter(position.last, ENTRIES_AT_ONCE);
  const [from, to] = [entries[0]?.sequence, entries.at(-1)?.sequence];
  if (to === undefined) return null;
  const sent = await collector.send(entries, stop);
  if (sent.kind === 'failed') return sent;
  const { rejected, says } = sent;
  // It must not get them again (https://opentelemetry.io/docs/specs/otlp/#partial-success-1).
  if (rejected > 0)
    log.warn({ rejected, from, to, says }, 'the collector rejected audit entries; they stay in the record');
  await store.transact((tx) => tx.saveLastSentEntry(to));
  position.last = to;
  return sent;
}

function failed(error: unknown): Sent {
  return { kind: 'failed', why: messageOf(error), afterMs: 0 };
}

/** Doubles with each failure, less up to one half, so that bots don't return together; at least what the collector asks for. */
function pauseMs(failures: number, askedMs: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return Math.max(longest * (1 - random / 2), Math.min(askedMs, LONGEST_ASKED_MS));
}
