/** The second check comes soon, but not so soon that it sees the same hiccup. */
const SECOND_LOOK_MS = 5_000;
/** Within this time after the start every host is looked at once, if connecting to them all is possible in it. */
const START_SPREAD_MS = 30_000;
const LONGEST_BACKOFF_MS = 5 * 60_000;
/** Up to this share of the interval is added, so that hosts that fell into step leave it again. */
const JITTER = 0.1;

/**
 * Looks that are due within this time begin together: waking the process for one look costs more than the look itself.
 * A step that divides a second would put one more of them into some seconds.
 */
const STEP_MS = 260;

/** What the time of the next look depends on. */
export type Pace = {
  readonly intervalMs: number;
  /** The last look was bad, and the next one decides. */
  readonly isDoubtful: boolean;
  readonly hasIncident: boolean;
  /** How many looks in a row got no answer from the host. */
  readonly blindLooks: number;
  /** When the channel has to be told that the host can't be checked, in milliseconds from now. Null: it has been. */
  readonly tellInMs: number | null;
};

/**
 * The time until the first look, so that a start does not reach every host in the same moment. `place`: the host's place
 * among all watched ones, 0 to 1.
 */
export function firstPauseMs(intervalMs: number, place: number): number {
  return place * Math.min(intervalMs, START_SPREAD_MS);
}

/** The time at which a look that is due at this time begins, together with others: at most {@link STEP_MS} later. */
export function dueTogether(dueAtMs: number): number {
  return Math.ceil(dueAtMs / STEP_MS) * STEP_MS;
}

/** The time between the end of one deeper look and the next. */
export function deepPauseMs(intervalMs: number, random: number): number {
  return intervalMs * (1 + JITTER * random);
}

/**
 * The time between the end of one look and the next. A host that does not answer is asked less and less often, but at
 * its interval during an incident, and in time to tell that it can't be checked.
 */
export function pauseMs(pace: Pace, random: number): number {
  const { intervalMs, isDoubtful, hasIncident, blindLooks, tellInMs } = pace;
  if (blindLooks === 0 && isDoubtful) return Math.min(SECOND_LOOK_MS, intervalMs);
  if (hasIncident) return intervalMs;
  const jitterMs = intervalMs * JITTER * random;
  if (blindLooks === 0) return intervalMs + jitterMs;
  const backoffMs = Math.min(intervalMs * 2 ** Math.min(blindLooks - 1, 30), Math.max(intervalMs, LONGEST_BACKOFF_MS));
  return Math.max(intervalMs, Math.min(backoffMs, tellInMs ?? backoffMs)) + jitterMs;
}
