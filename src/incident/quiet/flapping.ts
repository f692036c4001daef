import type { HealthChanges } from '../../model/quiet/health-changes.ts';

/** So many changes within {@link FLAPPING_WINDOW_MS} are flapping. */
const CHANGES = 4;
/** Flapping ends after this time without a change, so its end takes longer than any pause in it. */
export const FLAPPING_WINDOW_MS = 30 * 60_000;
const KEPT = 100;

/** A registry of which nothing bad was noticed. */
export const STEADY: HealthChanges = { health: 'good', changes: [], alertedAt: null, flappingSince: null };

/** What is believed once the registry was noticed as `health`. The same again changes nothing. */
export function afterHealth(before: HealthChanges, health: HealthChanges['health'], now: Date): HealthChanges {
  if (before.health === health) return before;
  const current = afterTime(before, now);
  const changes = [...recent(current, now), now.toISOString()].slice(-KEPT);
  const [first = null] = changes;
  const flappingSince = current.flappingSince ?? (changes.length >= CHANGES ? first : null);
  return { ...current, health, changes, flappingSince };
}

/** What is believed once an alert about the registry came: each new one keeps flapping up, whatever it says. */
export function afterAlert(before: HealthChanges, now: Date): HealthChanges {
  const after = afterHealth(before, 'bad', now);
  return after.flappingSince === null ? after : { ...after, alertedAt: now.toISOString() };
}

/** What is believed after time has passed: flapping is over once nothing has changed for long enough. */
export function afterTime(before: HealthChanges, now: Date): HealthChanges {
  const { health, changes, alertedAt, flappingSince } = before;
  const isLasting = [changes.at(-1), alertedAt].some((at) => typeof at === 'string' && isRecent(at, now));
  return flappingSince === null || isLasting ? before : { ...STEADY, health };
}

function recent({ changes, flappingSince }: HealthChanges, now: Date): readonly string[] {
  // All changes since flapping began are told of.
  return flappingSince === null ? changes.filter((at) => isRecent(at, now)) : changes;
}

function isRecent(at: string, now: Date): boolean {
  // A time in the future was noted before the clock was set back.
  return Math.abs(now.getTime() - Date.parse(at)) < FLAPPING_WINDOW_MS;
}
