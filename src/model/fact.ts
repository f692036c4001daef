import { z } from 'zod';
import { type BareCode, Reason } from './reason.ts';

/**
 * What a probe found out about one thing: its value, that it does not exist, or why it could not be read. A check that
 * depends on an `unknown` fact is inconclusive; it never passes.
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

/**
 * The value of a known fact, otherwise null. An undefined fact, whose containing fact is unknown, gives null as well.
 */
export function knownValue<T>(fact: Fact<T> | undefined): T | null {
  return fact?.state === 'known' ? fact.value : null;
}

/** A fact about something that does not exist. */
export const absent = { state: 'absent' } as const;

/** A fact that could not be read, and why. A reason without values can be given as its code alone. */
export function unknown(why: Reason | BareCode): { state: 'unknown'; why: Reason } {
  return { state: 'unknown', why: typeof why === 'string' ? { code: why } : why };
}
