import type { HealthChanges } from '../model/record/health-changes.ts';

/** So many changes within {@link FLAPPING_WINDOW_MS} are flapping. */
const CHANGES = 4;
/** Flapping ends after this time without a change, so its end takes longer than any pause in it. */
export const FLAPPING_WINDOW_MS = 30 * 60_000;
const KEPT = 100;

/** A registry of which nothing bad was noticed. */
export const STEADY: HealthChanges = { health: 'good', changes: [], flappingSince: null };

/** What is believed once the registry was noticed as `health`. The same again changes nothing. */
export function afterHealth(before: HealthChanges, health: HealthChanges['health'], now: Date): HealthChanges {
  const current = afterTime(before, now);
  if (current.health === health) return current;
  const changes = [...recent(current, now), now.toISOString()].slice(-KEPT);
  const [first = null] = changes;
  return { health, changes, flappingSince: current.flappingSince ?? (changes.length >= CHANGES ? first : null) };
}

/** What is believed after time has passed: flapping is over once nothing has changed for long enough. */
export function afterTime(before: HealthChanges, now: Date): HealthChanges {
  const last = before.changes.at(-1);
  if (before.flappingSince === null || last === undefined || isRecent(last, now)) return before;
  return { health: before.health, changes: [], flappingSince: null };
}

function recent({ changes, flappingSince }: HealthChanges, now: Date): readonly string[] {
  // All changes since flapping began are told of.
  return flappingSince === null ? changes.filter((at) => isRecent(at, now)) : changes;
}

function isRecent(at: string, now: Date): boolean {
  return now.getTime() - Date.parse(at) < FLAPPING_WINDOW_MS;
}
