import type { RemoteOutcome } from './ports.ts';

/** EX_CONFIG (sysexits.h): the guard itself, or what stands beside it, is not root's alone (scripts/guard.sh). */
const NOT_TRUSTED = 78;
const SAID = /^registry-doctor guard: ([ -~]{1,300})$/m;

/**
 * Why an installed guard read no request at all; null where that is not certain. By its status, its own words and an empty answer: it
 * looks at its own place before anything else.
 */
export function guardRefusalOf(outcome: RemoteOutcome): string | null {
  if (outcome.kind !== 'exited' || outcome.exitCode !== NOT_TRUSTED || outcome.output.stdout.length > 0) return null;
  const [, said] = SAID.exec(new TextDecoder().decode(outcome.output.stderr)) ?? [];
  return said === undefined ? null : `the guard on the host takes nothing: ${said}`;
}
