import { z } from 'zod';
import { absent, type Fact, known, unknown } from '../../model/fact.ts';
import { textFromBytes } from '../../model/host/host-path.ts';
import { MalformedOutput } from './malformed-output.ts';
import type { OutputField } from './read-fields.ts';
import { readReason } from './read-reason.ts';

/** Looks up the values of a script's output by key. A key has to be there exactly once, except where {@link FieldValues.all} asks. */
export class FieldValues {
  readonly #values = new Map<string, Uint8Array[]>();

  constructor(fields: readonly OutputField[]) {
    for (const { key, value } of fields) this.#values.set(key, [...(this.#values.get(key) ?? []), value]);
  }

  /** Returns all values of a key that can occur any number of times. */
  all(key: string): readonly Uint8Array[] {
    return this.#values.get(key) ?? [];
  }

  /** @throws MalformedOutput unless the key is there exactly once */
  bytes(key: string): Uint8Array {
    const [value, ...more] = this.all(key);
    if (value === undefined || more.length > 0) throw new MalformedOutput(value ? 'repeated' : 'missing', key);
    return value;
  }

  /** Returns the one value of a key as text. Keeps every byte, as {@link textFromBytes} does. */
  text(key: string): string {
    return textFromBytes(this.bytes(key));
  }

  number(key: string): number {
    return decimal(this.text(key), key);
  }

  /**
   * Reads a fact, which a script prints under one of three keys: `KEY=known` with its value, `KEY=absent`, or `KEY=unknown` with the reason.
   *
   * @throws MalformedOutput unless exactly one of them is there
   */
  fact<T>(key: string, parse: (value: Uint8Array) => T): Fact<T> {
    const states = ['known', 'absent', 'unknown'].filter((state) => this.#values.has(`${key}=${state}`));
    if (states.length !== 1) throw new MalformedOutput(states.length === 0 ? 'missing' : 'repeated', key);
    const state = states[0];
    const value = this.bytes(`${key}=${state}`);
    if (state === 'known') return known(parse(value));
    return state === 'absent' ? absent : unknown(readReason(textFromBytes(value)));
  }
}

const Decimal = z
  .string()
  .regex(/^(0|[1-9]\d{0,15})$/)
  .transform(Number)
  .pipe(z.number().int());

/** @throws MalformedOutput if the text is not a decimal number that JavaScript can represent exactly */
export function decimal(text: string | undefined, what: string): number {
  const parsed = Decimal.safeParse(text);
  if (!parsed.success) throw new MalformedOutput('unreadable', what);
  return parsed.data;
}

/** A host's text, cut at a length. */
export function shortText(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** The lines of a text. An empty one has none. */
export function linesOf(value: Uint8Array): readonly string[] {
  const text = textFromBytes(value);
  return text === '' ? [] : text.split('\n');
}
