import type { Act, AuditEntry } from '../model/record/audit.ts';
import type { ClosingNumbers } from '../model/record/closing-numbers.ts';

/** What is known beside the entries of the incident. Times are ISO 8601. */
export type Recovery = {
  /** The first look that found the registry healthy again. */
  readonly at: string;
  /** The first of the looks of monitoring that found it unhealthy. Null: monitoring has seen none. */
  readonly badSince: string | null;
};

/**
 * The numbers of an incident at its end, or of its last period if it was closed before and came back. They follow from
 * looks at the registry and from the record, never from the times of messages.
 */
export function closingNumbers(entries: readonly AuditEntry[], recovery: Recovery): ClosingNumbers {
  const period = lastPeriod(entries);
  const beginning = period.find(isBeginning);
  const downSince = earliestBadLook(period, recovery.badSince);
  const down = { downSince, downMs: elapsed(downSince, recovery.at) };
  // After an undo the registry is down as expected, and no one has asked anything.
  if (beginning === undefined) return known(down);
  const since = (act: Act) => elapsed(beginning.at, period.find((entry) => entry.act === act)?.at);
  return known({
    ...down,
    noticedAfterMs: elapsed(downSince, beginning.at),
    countedFrom: beginning.at,
    verdictAfterMs: since('diagnosed'),
    approvedAfterMs: since('plan-approved'),
    recoveredAfterMs: elapsed(beginning.at, recovery.at),
  });
}

/** The entries after the last recovery, from the first request on if there was one. */
function lastPeriod(entries: readonly AuditEntry[]): readonly AuditEntry[] {
  const afterRecovery = entries.slice(entries.findLastIndex(isRecovery) + 1);
  return afterRecovery.slice(Math.max(0, afterRecovery.findIndex(isBeginning)));
}

function isBeginning({ act }: AuditEntry): boolean {
  return act === 'incident-opened' || act === 'incident-reopened' || act === 'diagnosis-requested';
}

function isRecovery({ act, outcome }: AuditEntry): boolean {
  return act === 'incident-resolved' || (act === 'verified' && outcome['registry'] === 'well');
}

/** What monitoring saw, also before it opened the incident, and what each diagnosis saw. */
function earliestBadLook(period: readonly AuditEntry[], badSince: string | null): string | undefined {
  const looks = period.flatMap(({ act, at, outcome: { registrySeen, badSince: seen } }) => [
    ...(typeof seen === 'string' ? [seen] : []),
    ...(act === 'diagnosed' && registrySeen === 'not-well' ? [at] : []),
  ]);
  return [...looks, ...(badSince === null ? [] : [badSince])].sort()[0];
}

/** Absent if one end is not known, or if the clock was set back between them. */
function elapsed(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 0 ? undefined : ms;
}

function known(numbers: { readonly [K in keyof ClosingNumbers]?: ClosingNumbers[K] | undefined }): ClosingNumbers {
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined));
}
