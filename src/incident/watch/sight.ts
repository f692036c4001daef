import type { Look } from './watch-state.ts';

/** Since when a watched host can't be checked, as far as this process has seen. Times are milliseconds. */
export type Sight = {
  /** Null: not since the bot's start. */
  readonly lastSeenAt: number | null;
  /** The first of the looks in a row that got no answer from the host. Null: the last one got one. */
  readonly blindSince: number | null;
  readonly blindLooks: number;
};

export const NOT_LOOKED_YET: Sight = { lastSeenAt: null, blindSince: null, blindLooks: 0 };

/** What is seen after one more look. An answer of an unhealthy registry is an answer. */
export function afterLook(sight: Sight, look: Look, nowMs: number): Sight {
  if (look !== 'blind') return { lastSeenAt: nowMs, blindSince: null, blindLooks: 0 };
  return { ...sight, blindSince: sight.blindSince ?? nowMs, blindLooks: sight.blindLooks + 1 };
}

/** How long until the channel has to be told that this host can't be checked. 0: now. Null: it can be checked. */
export function tellInMs({ blindSince }: Sight, blindLimitMs: number, nowMs: number): number | null {
  return blindSince === null ? null : Math.max(0, blindSince + blindLimitMs - nowMs);
}
