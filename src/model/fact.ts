import { z } from 'zod';
import { type BareCode, Reason } from './reason.ts';

/**
 * What a probe can say of one thing: it is so, it is not there, or it could not be seen (and why).
 * A check that meets `unknown` is inconclusive; it never passes.
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

/** A fact that was seen. */
export function known<T>(value: T): Fact<T> {
  return { state: 'known', value };
}

/** The value of a fact that was seen; else null, as where what it would be part of was not seen. */
export function knownValue<T>(fact: Fact<T> | undefined): T | null {
  return fact?.state === 'known' ? fact.value : null;
}

/** A fact whose thing is not there. */
export const absent = { state: 'absent' } as const;

/** A fact that could not be seen, and why; a code that says it all may stand alone. */
export function unknown(why: Reason | BareCode): { state: 'unknown'; why: Reason } {
  return { state: 'unknown', why: typeof why === 'string' ? { code: why } : why };
}
