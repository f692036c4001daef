import type { Evidence, EvidenceId } from '../../../model/diagnosis/why-now.ts';
import type { FileRole, HostEvent, HostEventKind } from '../../../model/host/history.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext, isAfter } from '../fault-context.ts';

/** Changes made while the registry from before the boot was running, which only the next start could use. */
export type Changes = {
  /** Changes after the old registry's start and before the fault appeared. */
  readonly since: readonly Evidence[];
  /** Changes that might be from after the old registry's start. */
  readonly perhapsSince: readonly Evidence[];
  /** Changes after the fault appeared. Each hides earlier changes of the same file. */
  readonly afterFault: readonly Evidence[];
  /** Whether every file is known, and unchanged since before the old registry's start. */
  readonly allOlder: boolean;
  readonly older: readonly Evidence[];
  readonly missing: readonly Evidence[];
};

/** The files and events that a hypothesis is about. */
export type Watched = {
  /** Files that all have to be known and older to exclude the hypothesis. */
  readonly roles: readonly FileRole[];
  /** Files that also count as a change, if they exist. */
  readonly otherRoles: readonly FileRole[];
  /** The kinds of events that count as a change, and the evidence that each gives. */
  readonly events: ReadonlyMap<HostEventKind, EvidenceId>;
  readonly isRelevant: (event: HostEvent) => boolean;
};

/**
 * Collects the changed files and the events between the registry's start before the boot and its present start. If no
 * log has the old start, it is assumed to be after the previous boot.
 */
export function changesSinceOldStart(
  context: FaultContext,
  { roles, otherRoles, events, isRelevant }: Watched,
): Changes {
  const { startedAt, firstBad, history } = context;
  const files = (history?.files ?? []).filter(({ role }) => roles.includes(role) || otherRoles.includes(role));
  const isUnknown = roles.some((role) => !files.some((file) => file.role === role));
  const old = oldStart(context);
  const latest = startedAt === null ? null : Math.min(startedAt, firstBad ?? startedAt);
  const missing = [
    ...(startedAt === null ? [evidence('process-start')] : []),
    ...(old === null || !old.isExact ? [evidence('old-start')] : []),
    ...(isUnknown ? [evidence('file-times')] : []),
  ];
  if (latest === null || old === null) {
    return { since: [], perhapsSince: [], afterFault: [], allOlder: false, older: [], missing };
  }
  const isLate = (at: number) => isAfter(context, at, latest);
  const isOlder = (at: number) => isAfter(context, old.at, at);
  const changed = files.filter(({ changedAt: at }) => !isLate(at) && !isOlder(at));
  const told = eventsOf(context, ...events.keys()).filter(
    (event) => isRelevant(event) && !isLate(event.at) && !isOlder(event.at) && isAfter(context, event.at, old.at),
  );
  const fileEvidence = changed.map(({ path, changedAt: at }) =>
    evidence(old.isExact ? 'file-changed-since-old-start' : 'file-changed-since-previous-boot', { at, path }),
  );
  const eventEvidence = told.map(({ kind, at, text }) => evidence(events.get(kind) ?? 'reconfigured', { at, text }));
  const found = [...eventEvidence, ...fileEvidence];
  const late = files.filter(({ changedAt }) => isLate(changedAt));
  const olderFiles = files.filter(({ changedAt }) => isOlder(changedAt));
  return {
    since: old.isExact ? found : [],
    perhapsSince: old.isExact ? [] : found,
    afterFault: late.map(({ path, changedAt: at }) => evidence('file-changed-after-fault', { at, path })),
    allOlder:
      told.length === 0 &&
      olderFiles.length === files.length &&
      roles.every((role) => olderFiles.some((file) => file.role === role)),
    older: olderFiles.map(({ path, changedAt: at }) => evidence('files-older-than-old-start', { at, path })),
    missing: late.length > 0 ? [evidence('earlier-change'), ...missing] : missing,
  };
}

type OldStart = { readonly at: number; readonly isExact: boolean };

function oldStart(context: FaultContext): OldStart | null {
  const { bootedAt, previousBoot } = context;
  const started = eventsOf(context, 'service-start').filter(
    ({ at }) => bootedAt !== null && isAfter(context, bootedAt, at),
  );
  const last = started.at(-1);
  if (last !== undefined) return { at: last.at, isExact: true };
  return previousBoot === null ? null : { at: previousBoot, isExact: false };
}
