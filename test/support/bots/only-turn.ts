import type { Turn } from '../../../src/workflow/ports/bots.ts';

/** The turn of a bot that is alone, until the signal. */
export function onlyTurn(stop: AbortSignal): Turn {
  return { stop, isMoving: () => false, isOurs: () => true, yield: () => {} };
}
