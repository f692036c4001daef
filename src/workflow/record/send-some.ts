import type { AuditEntry } from '../../model/record/audit.ts';
import type { WorkflowContext } from '../context.ts';
import type { AuditTrail, StoredEntry } from '../ports/audit-trail.ts';
import type { EntryCollector, Taking } from '../ports/witnesses.ts';
import { BY_WORKFLOW } from './record-act.ts';

export const ENTRIES_AT_ONCE = 100;

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log' | 'metrics'>;

export type Sending = {
  readonly trail: Pick<AuditTrail, 'storedAfter'>;
  readonly collector: EntryCollector;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** The number of the last entry that was sent. Null: it was not read from the store yet. */
export type Position = { last: number | null };

export type Sent = { readonly kind: 'sent' } | Extract<Taking, { kind: 'failed' }>;

/** An entry that the collector never gets. */
type NotSent = { readonly entry: number; readonly reason: 'refused' | 'unreadable'; readonly why: string };

/** Entries that follow each other. `to`: the number of the last. */
type Part = { readonly entries: readonly AuditEntry[]; readonly to: number };

/**
 * Sends the entries after `position`, in order. What the collector refuses is sent in halves, down to the single entry. One that it refuses alone is
 * skipped only after it took a later one: until then it may be refusing everything. One that can't be read is skipped at once. The record says which
 * were skipped. Null: there was nothing to send.
 */
export async function sendSome(
  stop: AbortSignal,
  context: Context,
  { trail, collector }: Pick<Sending, 'trail' | 'collector'>,
  position: Position,
): Promise<Sent | null> {
  position.last ??= await firstPosition(context, trail);
  const stored = await trail.storedAfter(position.last, ENTRIES_AT_ONCE);
  const newest = stored.at(-1);
  if (newest === undefined) return null;
  let notSent = stored.flatMap(unreadableOf);
  const advance = async (to: number) => {
    const passed = notSent.filter(({ entry }) => entry <= to);
    await savePosition(to, passed, context);
    notSent = notSent.filter(({ entry }) => entry > to);
    position.last = to;
  };
  const parts = partsOf(stored.flatMap(({ entry }) => entry ?? []));
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const { entries, to } = part;
    const taking = await collector.send(entries, stop);
    if (taking.kind === 'failed') return taking;
    if (taking.kind === 'taken') {
      noteRejected(taking, part, context);
      await advance(to);
    } else if (entries.length > 1) parts.unshift(...halvesOf(entries));
    else notSent.push({ entry: to, reason: 'refused', why: taking.why });
  }
  // The collector took no later one, so it might refuse every entry.
  const refused = notSent.find(({ reason }) => reason === 'refused');
  if (refused !== undefined) return { kind: 'failed', why: refused.why, afterMs: 0 };
  if (notSent.length > 0) await advance(newest.sequence);
  return { kind: 'sent' };
}

/** If no entry has the saved number, it is of another record or was changed. Then all are sent again: some twice, but each of them. */
async function firstPosition({ store, log }: Context, trail: Sending['trail']): Promise<number> {
  const last = await store.transact((tx) => tx.lastSentEntry());
  const [entry] = last === 0 ? [] : await trail.storedAfter(last - 1, 1);
  if (last === 0 || entry?.sequence === last) return last;
  log.error({ last }, 'the record does not have the entry that was sent last, so all entries are sent again');
  return 0;
}

function unreadableOf({ sequence, entry }: StoredEntry): readonly NotSent[] {
  return entry === null ? [{ entry: sequence, reason: 'unreadable', why: 'unreadable' }] : [];
}

function partsOf(entries: readonly AuditEntry[]): Part[] {
  const last = entries.at(-1);
  return last === undefined ? [] : [{ entries, to: last.sequence }];
}

function halvesOf(entries: readonly AuditEntry[]): readonly Part[] {
  const half = Math.ceil(entries.length / 2);
  return [...partsOf(entries.slice(0, half)), ...partsOf(entries.slice(half))];
}

/** Rejected entries must not be sent again (https://opentelemetry.io/docs/specs/otlp/#partial-success-1). */
function noteRejected(
  { rejected, says }: Extract<Taking, { kind: 'taken' }>,
  { entries, to }: Part,
  { log, metrics }: Context,
): void {
  if (rejected === 0) return;
  const from = entries[0]?.sequence;
  log.warn({ rejected, from, to, says }, 'the collector rejected audit entries; they stay in the record');
  for (let n = 0; n < Math.min(rejected, entries.length); n += 1) metrics.count('notSent', { reason: 'rejected' });
}

/** Everything up to this entry was sent, but for these. */
async function savePosition(sequence: number, notSent: readonly NotSent[], context: Context): Promise<void> {
  const { store, clock, log, metrics } = context;
  const entries = notSent.map(({ entry, why }) => ({ entry, why }));
  await store.transact(async (tx) => {
    await tx.saveLastSentEntry(sequence);
    if (entries.length === 0) return;
    const at = clock.now().toISOString();
    await tx.appendOwnAct({ at, actor: BY_WORKFLOW, act: 'entries-not-sent', outcome: { entries } });
  });
  if (entries.length === 0) return;
  log.error({ entries }, 'audit entries were not sent to the collector, and will not be; they stay in the record');
  for (const { reason } of notSent) metrics.count('notSent', { reason });
}
