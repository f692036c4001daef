import { z } from 'zod';
import { slackMessages } from '../blocks/block-errors.ts';
import { type Refusal, refuseBecause } from './answer.ts';

/** The arguments of a call before they are checked: strings from a form, any JSON value from a JSON body. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** A boolean, or its form encoding. */
export const Flag = z.union([
  z.boolean(),
  z.enum(['true', '1']).transform(() => true),
  z.enum(['false', '0', '']).transform(() => false),
]);

/** A nested value: in a form it is JSON text, in a JSON body the value itself. Text that is not JSON stays text. */
export const Structure = z.unknown().transform((value): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
});

/** The maximum number of things to return. */
export function Limit(maximum: number, fallback: number) {
  return z.coerce.number().int().min(1).max(maximum).default(fallback);
}

export const Timestamp = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/);

export type ReadArguments<T> =
  | { readonly kind: 'arguments'; readonly value: T }
  | { readonly kind: 'refused'; readonly answer: Refusal };

/** Checks the arguments of a call as Slack does: unknown ones are ignored, missing ones are named in the refusal. */
export function readArguments<S extends z.ZodType>(schema: S, raw: RawArguments): ReadArguments<z.output<S>> {
  const parsed = schema.safeParse(raw, { reportInput: true });
  if (parsed.success) return { kind: 'arguments', value: parsed.data };
  return { kind: 'refused', answer: refuseBecause('invalid_arguments', slackMessages(parsed.error, '')) };
}
