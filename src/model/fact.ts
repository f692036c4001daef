import { z } from 'zod';
import { type BareCode, Reason } from './reason.ts';

/**
 * What a probe can say about one thing: it is known, it is absent, or it could not be read (and why). A check that
 * meets `unknown` is inconclusive; it never passes.
 */
export type Fact<T> =
  | { readonly state: 'known'; readonly value: T }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: Reason };

/** The zod schema of a {@link Fact} whose value has the given schema. */
export function Fact<S extends z.ZodType>(value: S) {
  return z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('known'), value }),
    z.strictObject({ state: z.literal('absent') }),
    z.strictObject({ state: z.literal('unknown'), why: Reason }),
  ]);
}

/** A fact that was read. */
export function known<T>(value: T): Fact<T> {
  return { state: 'known', value };
}

/** The value of a known fact, otherwise null. Undefined: the larger fact that would hold it is unknown. */
export function knownValue<T>(fact: Fact<T> | undefined): T | null {
  return fact?.state === 'known' ? fact.value : null;
}

/** A fact about something that does not exist. */
export const absent = { state: 'absent' } as const;

/** A fact that could not be read, and why. A code that needs no value can be given alone. */
export function unknown(why: Reason | BareCode): { state: 'unknown'; why: Reason } {
  return { state: 'unknown', why: typeof why === 'string' ? { code: why } : why };
}
