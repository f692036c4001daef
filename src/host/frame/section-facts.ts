import { absent, type Fact, known, unknown } from '../../model/fact.ts';
import { readReason } from './read-reason.ts';

const LINE = /^([a-z][a-z0-9-]*) ((?:known|absent|unknown)(?: .*)?)$/s;
const TOLD = /^(known|absent|unknown)(?: (.*))?$/s;

/**
 * The facts of a section. The guard sends each once, on one line: `KEY known VALUE`, `KEY absent` or `KEY unknown CODE
 * DETAIL`. Other lines (the entries of a list) are left to the section's parser.
 */
export class SectionFacts {
  readonly #facts = new Map<string, Fact<string>>();

  constructor(lines: readonly string[]) {
    for (const line of lines) {
      const [, key, rest = ''] = LINE.exec(line) ?? [];
      const fact = readSectionFact(rest);
      if (key !== undefined && fact !== undefined && !this.#facts.has(key)) this.#facts.set(key, fact);
    }
  }

  /** Returns the fact of a key. Undefined: the section does not mention it. */
  told(key: string): Fact<string> | undefined {
    return this.#facts.get(key);
  }

  /** A fact whose value is parsed. A missing or unparsable value is unknown, never a default. */
  fact<T>(key: string, parse: (value: string) => T | undefined): Fact<T> {
    const told = this.told(key) ?? unknown('not-told');
    if (told.state !== 'known') return told;
    const value = parse(told.value);
    return value === undefined ? unknown('not-understood') : known(value);
  }
}

/** The text after the key: `known VALUE`, `absent` or `unknown CODE DETAIL`. Undefined for anything else. */
export function readSectionFact(text: string): Fact<string> | undefined {
  const [, state, value = ''] = TOLD.exec(text) ?? [];
  if (state === undefined) return undefined;
  if (state === 'known') return known(value);
  return state === 'absent' ? absent : unknown(readReason(value));
}

/** A decimal number for {@link SectionFacts.fact}, or undefined. */
export function numberFrom(text: string): number | undefined {
  return /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}
