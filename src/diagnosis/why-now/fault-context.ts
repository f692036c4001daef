import type { FaultKind, Finding } from '../../model/diagnosis/finding.ts';
import { knownValue } from '../../model/fact.ts';
import type { Facts, PresentNode } from '../../model/host/facts.ts';
import type { HostEvent, HostEventKind, HostHistory } from '../../model/host/history.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { faultKindOf } from '../checks/index.ts';

/** What the why-now answer is about: the fault, its paths, and the known times. Null: unknown. */
export type FaultContext = {
  readonly facts: Facts;
  readonly fault: FaultKind;
  /** The directories and files on the path that denied access to the service. */
  readonly blockers: readonly PresentNode[];
  /** Every directory and file on the path that was read. */
  readonly way: readonly PresentNode[];
  /** Every position on the path, even missing ones. */
  readonly places: ReadonlySet<HostPath>;
  readonly bootedAt: number | null;
  readonly previousBoot: number | null;
  /** The first of the bad answers that have lasted until now. */
  readonly firstBad: number | null;
  /** True if the log reaches back before that answer, so the bad answers did not begin earlier. */
  readonly firstBadIsFirst: boolean;
  /** The last manifest or blob that was served. */
  readonly lastGood: number | null;
  readonly startedAt: number | null;
  readonly history: HostHistory | null;
  /** The seconds by which two times must differ for one to count as later. */
  readonly slack: number;
};

/**
 * The least slack between two times: records are not exact to the second, and the registry reports a fault only after
 * three failed health checks (30 s by default).
 */
export const ORDINARY_SLACK_SECONDS = 60;

/** Collects what the hypotheses about a fault need. Null: there is no fault. */
export function faultContextOf(judged: JudgedAccess, findings: readonly Finding[], slack: number): FaultContext | null {
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const [first] = faults;
  if (first === undefined) return null;
  const { facts } = judged;
  const logs = knownValue(facts.logs);
  const way = facts.nodes.filter((node) => node.state === 'present');
  const denied = new Set(faults.filter(({ id }) => faultKindOf(id) === 'denied').map(({ path }) => path));
  const bootedAt = knownValue(facts.bootedAt);
  const history = knownValue(facts.history);
  return {
    facts,
    fault: faultKindOf(first.id),
    blockers: way.filter(({ path }) => denied.has(path)),
    way,
    places: new Set(facts.nodes.map(({ path }) => path)),
    bootedAt,
    previousBoot: previousBootOf(history, bootedAt, slack),
    firstBad: logs?.firstBadOfLastRun?.at ?? null,
    firstBadIsFirst: logs !== null && logs.from !== null && logs.from < (logs.firstBadOfLastRun?.at ?? logs.from),
    lastGood: logs?.lastGoodStorage?.at ?? null,
    startedAt: startOf(facts),
    history,
    slack,
  };
}

/** Whether one time is later than another by more than the host's records are inexact. */
export function isAfter(context: Pick<FaultContext, 'slack'>, at: number, than: number): boolean {
  return at > than + context.slack;
}

/**
 * The directories that deny access and have not changed since an image was last served. No change of modes explains
 * these: something else closed the path.
 */
export function unchangedSinceGoodAccess(context: FaultContext): readonly PresentNode[] {
  const { blockers, lastGood } = context;
  return lastGood === null ? [] : blockers.filter(({ changedAt }) => isAfter(context, lastGood, changedAt));
}

/** The events of these kinds, oldest first. */
export function eventsOf({ history }: FaultContext, ...kinds: readonly HostEventKind[]): readonly HostEvent[] {
  return (history?.events ?? []).filter(({ kind }) => kinds.includes(kind));
}

/** True if images are under the storage root, so the right disk is mounted. */
export function hasImages({ facts }: FaultContext): boolean {
  return (knownValue(facts.contents)?.repositories ?? 0) > 0;
}

function startOf(facts: Facts): number | null {
  return knownValue(knownValue(facts.process)?.startedAt);
}

function previousBootOf(history: HostHistory | null, bootedAt: number | null, slack: number): number | null {
  if (history === null || bootedAt === null) return null;
  const earlier = history.events.filter(({ kind, at }) => kind === 'boot' && at < bootedAt - 2 * slack);
  return earlier.at(-1)?.at ?? null;
}
