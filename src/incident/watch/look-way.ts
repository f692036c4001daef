import type { CheapWay, LookWay } from '../../model/connection/look-way.ts';

/** The cheap ways that failed lately: how often in a row, and when (milliseconds) to try each again. */
export type WayMemory = Readonly<Partial<Record<CheapWay, { readonly failures: number; readonly notBefore: number }>>>;

export const NO_WAY_FAILED: WayMemory = {};

const CHEAP: readonly CheapWay[] = ['from-bot', 'from-host'];
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 60 * 60_000;

/**
 * The ways to try in one look, in this order, until one answers. The guard comes last and always: its word decides.
 *
 * @param possible the cheap ways for which an address is known
 */
export function waysToTry(possible: ReadonlySet<CheapWay>, memory: WayMemory, nowMs: number): readonly LookWay[] {
  const cheap = CHEAP.filter((way) => possible.has(way) && (memory[way]?.notBefore ?? nowMs) <= nowMs);
  return [...cheap, 'guard'];
}

/** What one look says about the ways. */
export type Tried = {
  /** The cheap ways that gave no answer. `forbidden`: whatever the registry does, this way gives none. */
  readonly failed: readonly { readonly way: CheapWay; readonly forbidden: boolean }[];
  readonly answeredBy: LookWay | null;
  /** The registry is up, so a way without an answer is at fault itself. */
  readonly isHealthy: boolean;
};

/**
 * Remembers which ways failed. While the registry is down each way fails, and that says nothing about the ways: then
 * they are tried again, and the first good answer comes by the cheapest one.
 */
export function afterTries(memory: WayMemory, { failed, answeredBy, isHealthy }: Tried, nowMs: number): WayMemory {
  const atFault = failed.filter(({ forbidden }) => forbidden || isHealthy);
  const remembered = {
    ...memory,
    ...Object.fromEntries(atFault.map(({ way }) => [way, failedAgain(memory, way, nowMs)])),
  };
  if (answeredBy === null || answeredBy === 'guard') return remembered;
  const { [answeredBy]: _, ...others } = remembered;
  return others;
}

function failedAgain(memory: WayMemory, way: CheapWay, nowMs: number) {
  const failures = (memory[way]?.failures ?? 0) + 1;
  return { failures, notBefore: nowMs + Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS) };
}
