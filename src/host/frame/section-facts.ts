import { absent, type Fact, known, unknown } from '../../model/fact.ts';
import { readReason } from './read-reason.ts';

const LINE = /^([a-z][a-z0-9-]*) ((?:known|absent|unknown)(?: .*)?)$/s;
const TOLD = /^(known|absent|unknown)(?: (.*))?$/s;

/**
 * The facts in one section of the output. The guard sends each once and on one line: `KEY known VALUE`, `KEY absent` or
 * `KEY unknown CODE DETAIL`. Other lines, the entries of lists, are read by the section's own parser.
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

  /** The fact of a key. Undefined: the section does not have it. */
  told(key: string): Fact<string> | undefined {
    return this.#facts.get(key);
  }

  /**
   * The fact of a key, with its value parsed. If the value is missing or can't be parsed, the fact is unknown, never a
   * default.
   */
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
