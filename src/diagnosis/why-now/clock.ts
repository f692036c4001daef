import type { Evidence } from '../../model/diagnosis/why-now.ts';
import { knownValue } from '../../model/fact.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { HostEvent } from '../../model/host/history.ts';
import { evidence } from './evidence.ts';
import { ORDINARY_SLACK_SECONDS } from './fault-context.ts';

/** How far times recorded on the host can be trusted. */
export type Clock = {
  /** The seconds by which two times must differ for one to count as later. */
  readonly slack: number;
  readonly doubts: readonly Evidence[];
};

const MAX_DOUBTS = 8;
const DAY_SECONDS = 86_400;

/**
 * Finds signs that the clock was set, or that recorded times contradict each other. After a power cut the clock can
 * start wrong and be set a little later; times from before that are then off by that jump. The boot time is not,
 * because the kernel computes it from the present clock (proc_stat(5), btime). If times are off, the slack is larger,
 * so that fewer comparisons hold.
 */
export function clockOf(facts: Facts): Clock {
  const { steps, doubts: stepDoubts } = clockSteps(facts);
  const differing = differingBootTimes(facts);
  const offSeconds = Math.max(0, ...steps, ...differing.map(({ seconds }) => seconds));
  const doubts = [
    ...stepDoubts,
    ...differing.map(({ doubt }) => doubt),
    ...hostAheadOfUs(facts),
    ...timesToCome(facts),
    ...processBeforeBoot(facts),
    ...faultBeforeBoot(facts, ORDINARY_SLACK_SECONDS + offSeconds),
  ];
  return { slack: ORDINARY_SLACK_SECONDS + Math.ceil(offSeconds), doubts: doubts.slice(0, MAX_DOUBTS) };
}

/** The jumps of the clock that a time daemon or the service manager logged, since the boot if that is known. */
function clockSteps(facts: Facts): { steps: number[]; doubts: Evidence[] } {
  const bootedAt = knownValue(facts.bootedAt);
  const told = eventsOfKind(facts, 'clock-step').filter(({ at }) => bootedAt === null || at >= bootedAt - DAY_SECONDS);
  const steps = told.map(({ text }) => secondsIn(text));
  const doubts = told
    .filter((_, index) => (steps[index] ?? ORDINARY_SLACK_SECONDS) >= 1)
    .map(({ at, text }) => evidence('clock-stepped', { at, text }));
  return { steps: steps.filter((step) => step !== null), doubts: doubts.slice(-2) };
}

/** The seconds in `System clock was stepped by -3600.5 seconds`. Null without a number. */
function secondsIn(text: string): number | null {
  const [, size] = /([-+]?\d{1,10}(?:\.\d+)?) ?s(?:ec(?:onds?)?)?\b/.exec(text) ?? [];
  return size === undefined ? null : Math.abs(Number(size));
}

/**
 * The log's own time of the latest boot, and the boot time that the kernel computes from the present clock, if they
 * differ.
 */
function differingBootTimes(facts: Facts): { seconds: number; doubt: Evidence }[] {
  const bootedAt = knownValue(facts.bootedAt);
  const logged = eventsOfKind(facts, 'boot').at(-1);
  if (bootedAt === null || logged === undefined) return [];
  const seconds = Math.abs(logged.at - bootedAt);
  // If they are further apart, the log's line is about an earlier boot.
  if (seconds <= 2 * ORDINARY_SLACK_SECONDS || seconds > DAY_SECONDS) return [];
  return [{ seconds, doubt: evidence('boot-times-differ', { at: logged.at, text: logged.source }) }];
}

function hostAheadOfUs({ clockAheadSeconds }: Facts): Evidence[] {
  const ahead = knownValue(clockAheadSeconds);
  if (ahead === null || Math.abs(ahead) <= ORDINARY_SLACK_SECONDS) return [];
  return [evidence('clock-ahead', { text: String(Math.round(ahead)) })];
}

function timesToCome({ nodes, takenAt }: Facts): Evidence[] {
  return nodes
    .filter((node) => node.state === 'present')
    .filter(({ changedAt }) => changedAt > takenAt + ORDINARY_SLACK_SECONDS)
    .slice(0, 2)
    .map(({ path, changedAt }) => evidence('time-in-the-future', { at: changedAt, path }));
}

function processBeforeBoot(facts: Facts): Evidence[] {
  const process = knownValue(facts.process);
  const startedAt = process === null ? null : knownValue(process.startedAt);
  const bootedAt = knownValue(facts.bootedAt);
  if (startedAt === null || bootedAt === null || startedAt >= bootedAt - ORDINARY_SLACK_SECONDS) return [];
  return [evidence('process-before-boot', { at: startedAt })];
}

function faultBeforeBoot(facts: Facts, slack: number): Evidence[] {
  const firstBad = knownValue(facts.logs)?.firstBadOfLastRun?.at ?? null;
  const bootedAt = knownValue(facts.bootedAt);
  if (firstBad === null || bootedAt === null || firstBad >= bootedAt - slack) return [];
  return [evidence('fault-before-boot', { at: firstBad })];
}

function eventsOfKind(facts: Facts, kind: HostEvent['kind']): readonly HostEvent[] {
  return (knownValue(facts.history)?.events ?? []).filter((event) => event.kind === kind);
}
