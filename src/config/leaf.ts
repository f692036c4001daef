import { z } from 'zod';
import type { Expectation } from '../model/settings/config-problem.ts';

/** What an issue of the config's schema carries to `schema-problems.ts`. */
export function expecting(expectation: Expectation): { readonly params: { readonly expectation: Expectation } } {
  return { params: { expectation } };
}

/** A value that is right, or for which people are told what is expected in its place. */
export function leaf<S extends z.ZodType>(schema: S, expectation: Expectation) {
  return z.unknown().transform((value, context): z.output<S> => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', ...expecting(expectation) });
    return z.NEVER;
  });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return leaf(z.enum(values), { kind: 'one-of', values });
}

export function wholeNumber(min: number, max: number) {
  return leaf(z.number().int().min(min).max(max), { kind: 'whole-number', min, max });
}

export const boolean = leaf(z.boolean(), { kind: 'boolean' });
