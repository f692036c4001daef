import type { TimelineEntry, TimelineKind } from '../../model/diagnosis/why-now.ts';
import { knownValue } from '../../model/fact.ts';
import type { HostEventKind } from '../../model/host/history.ts';
import { isTime } from './evidence.ts';
import type { FaultContext } from './fault-context.ts';
import { mountUnits } from './mount-facts.ts';

const MAX_ENTRIES = 64;
const SAME_EVENT_SECONDS = 2;
const HOUR_SECONDS = 3600;
const MAX_TEXT = 300;

/** The known events around the fault, oldest first, each reported once, up to a limit. */
export function timelineOf(context: FaultContext): readonly TimelineEntry[] {
  const from = beginningOf(context);
  const around = [
    ...recordedEvents(context),
    ...mountEntries(context),
    ...inodeEntries(context),
    ...fileEntries(context),
    ...serviceEntries(context),
  ].filter(({ at }) => at >= from);
  const frame = [
    ...bootEntries(context),
    ...answerEntries(context),
    entry(context.facts.takenAt, 'taken', 'clock', 'recorded'),
  ];
  const entries = [...around, ...frame].filter(({ at }) => isTime(at));
  return bounded(withoutRepetitions(entries.toSorted(byTime)));
}

/** Where the timeline begins: an hour before the earliest time at which the cause can have come. */
function beginningOf({ bootedAt, firstBad, lastGood, facts }: FaultContext): number {
  const known = [bootedAt, firstBad, lastGood].filter((at) => at !== null);
  return Math.min(facts.takenAt, ...known) - HOUR_SECONDS;
}

function bootEntries({ bootedAt, previousBoot }: FaultContext): readonly TimelineEntry[] {
  return [
    ...(previousBoot === null ? [] : [entry(previousBoot, 'boot', 'log', 'recorded')]),
    // The kernel computes the boot time from the present clock (proc_stat(5)).
    ...(bootedAt === null ? [] : [entry(bootedAt, 'boot', '/proc/stat', 'derived')]),
  ];
}

function recordedEvents(context: FaultContext): readonly TimelineEntry[] {
  const { history, bootedAt, previousBoot, slack } = context;
  const isKnownBoot = (at: number) =>
    [bootedAt, previousBoot].some((boot) => boot !== null && Math.abs(at - boot) <= 2 * slack);
  return (history?.events ?? [])
    .filter(({ kind, at }) => kind !== 'boot' || !isKnownBoot(at))
    .map(({ at, kind, path, text, source }) => ({ at, kind, path, text, source, certainty: 'recorded' }));
}

function mountEntries(context: FaultContext): readonly TimelineEntry[] {
  return mountUnits(context).flatMap(({ where, what, activeSince, activeState }) => {
    const at = knownValue(activeSince);
    if (at === null || activeState !== 'active' || !context.places.has(where)) return [];
    return [entry(at, 'mount', 'systemd', 'recorded', { path: where, text: what })];
  });
}

function inodeEntries({ way }: FaultContext): readonly TimelineEntry[] {
  return way.flatMap(({ path, kind, changedAt, bornAt, target }) => {
    const born = knownValue(bornAt);
    const text = target ?? '';
    const birth = kind === 'symlink' ? 'link-born' : 'inode-born';
    return [
      ...(born === null ? [] : [entry(born, birth, 'stat', 'recorded', { path, text })]),
      ...(born !== null && changedAt - born <= SAME_EVENT_SECONDS
        ? []
        : [entry(changedAt, 'inode-changed', 'stat', 'at-latest', { path })]),
    ];
  });
}

const FILE_KINDS = {
  config: 'config-change',
  'run-script': 'config-change',
  settings: 'config-change',
  fstab: 'config-change',
  binary: 'package-change',
  passwd: 'account-change',
  group: 'account-change',
} as const;

function fileEntries({ history }: FaultContext): readonly TimelineEntry[] {
  return (history?.files ?? []).map(({ path, role, changedAt }) =>
    entry(changedAt, FILE_KINDS[role], 'stat', 'at-latest', { path }),
  );
}

function serviceEntries({ facts, startedAt }: FaultContext): readonly TimelineEntry[] {
  const supervision = knownValue(knownValue(facts.service)?.supervision);
  const since = knownValue(supervision?.since);
  const path = null;
  return [
    ...(startedAt === null ? [] : [entry(startedAt, 'process-started', '/proc', 'derived')]),
    ...(supervision === null || since === null
      ? []
      : [
          entry(
            since,
            supervision.state === 'running' ? 'service-start' : 'service-stop',
            supervision.manager,
            'recorded',
            {
              path,
              text: `${supervision.unit}: ${supervision.state}`,
            },
          ),
        ]),
  ];
}

function answerEntries({ facts, firstBad, firstBadIsFirst, lastGood }: FaultContext): readonly TimelineEntry[] {
  const logs = knownValue(facts.logs);
  const told = (access: { method: string; path: string; status: number } | null | undefined) =>
    access ? `${access.method} ${access.path} ${access.status}` : '';
  const source = 'registry log';
  return [
    ...(lastGood === null
      ? []
      : [entry(lastGood, 'last-good-storage-answer', source, 'recorded', { text: told(logs?.lastGoodStorage) })]),
    ...(firstBad === null
      ? []
      : [
          entry(firstBad, 'first-bad-answer', source, firstBadIsFirst ? 'recorded' : 'at-latest', {
            text: told(logs?.firstBadOfLastRun),
          }),
        ]),
  ];
}

function entry(
  at: number,
  kind: TimelineKind,
  source: string,
  certainty: TimelineEntry['certainty'],
  { path = null, text = '' }: Partial<Pick<TimelineEntry, 'path' | 'text'>> = {},
): TimelineEntry {
  return { at, kind, path, text: text.slice(0, MAX_TEXT), source: source.slice(0, 100), certainty };
}

/**
 * Orders entries by time. Within one second: a good answer before the change, a bad answer after it, and otherwise the
 * more certain time first.
 */
function byTime(one: TimelineEntry, other: TimelineEntry): number {
  return one.at - other.at || placeOf(one) - placeOf(other) || SURENESS[one.certainty] - SURENESS[other.certainty];
}

function placeOf({ kind }: TimelineEntry): number {
  return PLACES.get(kind) ?? 0;
}

const PLACES: ReadonlyMap<TimelineKind, number> = new Map<TimelineKind, number>([
  ['boot', -2],
  ['last-good-storage-answer', -1],
  ['first-bad-answer', 1],
  ['taken', 2],
]);

const SURENESS = { recorded: 0, derived: 1, 'at-latest': 2 } as const;

/**
 * Keeps one of several entries about the same event: the journal and syslog often hold the same line, and a unit's
 * start is in /proc as well.
 */
function withoutRepetitions(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const kept: TimelineEntry[] = [];
  for (const entry of entries) {
    const isRepeated = kept.some(
      (other) =>
        entry.at - other.at <= SAME_EVENT_SECONDS &&
        other.kind === entry.kind &&
        other.path === entry.path &&
        (other.text === entry.text || other.source === 'systemd' || entry.source === 'systemd'),
    );
    if (!isRepeated) kept.push(entry);
  }
  return kept;
}

/** Limits the number of entries. The least relevant kinds are left out first, and of those the oldest. */
function bounded(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  if (entries.length <= MAX_ENTRIES) return entries;
  const byRelevance = entries
    .map((entry, index) => ({ entry, index }))
    .toSorted((one, other) => relevanceOf(other.entry) - relevanceOf(one.entry) || other.index - one.index);
  const kept = new Set(byRelevance.slice(0, MAX_ENTRIES).map(({ entry }) => entry));
  return entries.filter((entry) => kept.has(entry));
}

function relevanceOf({ kind }: TimelineEntry): number {
  if (LEFT_OUT_LAST.has(kind)) return 3;
  return LEFT_OUT_FIRST.has(kind) ? 1 : 2;
}

/** The kinds of entries that are left out last, because the others are hard to understand without them. */
const LEFT_OUT_LAST: ReadonlySet<TimelineKind> = new Set<TimelineKind>([
  'boot',
  'last-good-storage-answer',
  'first-bad-answer',
  'taken',
]);

const LEFT_OUT_FIRST: ReadonlySet<TimelineKind> = new Set<HostEventKind>([
  'privileged-command',
  'unmount',
  'fsck-clean',
  'clock-step',
  'service-stop',
  'package-change',
]);
