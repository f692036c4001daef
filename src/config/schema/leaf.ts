import { z } from 'zod';
import type { Expectation } from '../../model/settings/config-problem.ts';

/** What an issue of the config's schema passes to `schema-problems.ts`. */
export function expecting(expectation: Expectation): { readonly params: { readonly expectation: Expectation } } {
  return { params: { expectation } };
}

/** A schema for one value, with what people are told to write instead of an invalid one. */
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
