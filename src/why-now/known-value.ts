import type { Fact } from '../model/fact.ts';

/** The value, where it is known. */
export function knownValue<T>(fact: Fact<T>): T | null {
  return fact.state === 'known' ? fact.value : null;
}
