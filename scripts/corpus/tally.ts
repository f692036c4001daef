import { CAUSES, type Cause } from './causes.ts';
import type { Result } from './run-scenario.ts';
import type { Outcome } from './run-workers.ts';

/** One row of the table: all scenarios of one cause. */
export type Row = {
  readonly cause: Cause | 'all';
  readonly scenarios: number;
  /** Of those with a fault: reported with the right finding at the right path. */
  readonly found: Share;
  readonly falseAlarms: number;
  /** Called healthy over a push or pull that fails, and called faulty over ones that all succeed. */
  readonly greenOverFailure: number;
  readonly alarmsOverSuccess: number;
  /** How many serve a push and every pull. */
  readonly serve: number;
  /** Of those that a change of permissions fixes: fixed, as tested by the kernel, and by a push and every pull. */
  readonly cured: Share;
  readonly plansWithTooMuch: number;
  /** The maximum number of accounts, beside the service's own, that a plan lets write the storage. */
  readonly mostWritersMore: number;
  /** Scenarios that miss the aim in any way. */
  readonly short: number;
  readonly namei: Others;
  readonly leafCheck: Others;
  /** `cured`: of those with a fault. */
  readonly chmod777: { readonly cured: Share; readonly mostWritersMore: number };
};

export type Share = { readonly of: number; readonly got: number };
/** `named`: of those with a fault, the right path. `alarms`: of those without, how many it complained about. */
export type Others = { readonly named: Share; readonly alarms: number };

export type Tally = { readonly rows: readonly Row[]; readonly all: Row; readonly failures: number };

export function tallyOf(outcomes: readonly Outcome[]): Tally {
  const results = resultsIn(outcomes);
  const causes = Object.keys(CAUSES).filter((name): name is Cause => name in CAUSES);
  const rows = causes.flatMap((cause) => {
    const ofCause = results.filter((result) => result.cause === cause);
    return ofCause.length === 0 ? [] : [rowOf(cause, ofCause)];
  });
  return { rows, all: rowOf('all', results), failures: outcomes.length - results.length };
}

/** Those that ran to their end. */
export function resultsIn(outcomes: readonly Outcome[]): readonly Result[] {
  return outcomes.filter((outcome): outcome is Result => !('failure' in outcome));
}

/**
 * All found, no false alarm, never green over a failing push or pull, every fix proven, and nothing granted that is not
 * needed.
 */
export function isAimReached({ all, failures }: Tally): boolean {
  const { short, greenOverFailure, alarmsOverSuccess } = all;
  return failures === 0 && short === 0 && greenOverFailure === 0 && alarmsOverSuccess === 0;
}

function rowOf(cause: Row['cause'], results: readonly Result[]): Row {
  const faulty = results.filter(({ found }) => found !== null);
  const mendable = results.filter(({ planWanted }) => planWanted);
  const chmods = results.flatMap(({ chmod777 }) => (chmod777 === null ? [] : [chmod777]));
  return {
    cause,
    scenarios: results.length,
    found: share(faulty, ({ found }) => found === true),
    falseAlarms: count(results, ({ falseAlarm }) => falseAlarm),
    greenOverFailure: count(results, (result) => result.greenOverFailure),
    alarmsOverSuccess: count(results, ({ alarmOverSuccess }) => alarmOverSuccess),
    serve: count(results, ({ serves }) => serves),
    cured: share(mendable, ({ plan, servesAfter }) => plan?.cures === true && servesAfter === true),
    plansWithTooMuch: count(results, ({ plan }) => plan !== null && plan.needless.length > 0),
    mostWritersMore: Math.max(0, ...results.map(({ plan }) => plan?.writersMore ?? 0)),
    short: count(results, ({ problems }) => problems.length > 0),
    namei: othersOf(results, ({ namei }) => namei),
    leafCheck: othersOf(results, ({ leafCheck }) => leafCheck),
    chmod777: {
      cured: share(chmods, ({ cures }) => cures),
      mostWritersMore: Math.max(0, ...chmods.map(({ writersMore }) => writersMore)),
    },
  };
}

function othersOf(results: readonly Result[], answerOf: (result: Result) => Result['namei']): Others {
  const faulty = results.filter(({ found }) => found !== null);
  const sound = results.filter(({ found }) => found === null);
  return {
    named: share(faulty, (result) => answerOf(result).named),
    alarms: count(sound, (result) => answerOf(result).noticed),
  };
}

function share<T>(items: readonly T[], holds: (item: T) => boolean): Share {
  return { of: items.length, got: count(items, holds) };
}

function count<T>(items: readonly T[], holds: (item: T) => boolean): number {
  return items.filter(holds).length;
}
