import type { Fact } from '../../../model/fact.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import { readSectionFact } from '../../frame/section-facts.ts';

/** Keys that have more than one word, with the value after them. */
const KEYS =
  /^(note (?:places|all) (?:owner-path \d{1,10} \d{1,10}|own-closed|open-path)|(?:scan|repositories|open|own-closed-count|owner|footprint) (?:places|all)|[a-z-]+)(?: (.*))?$/s;

/** The lines of the section `storage_contents` by key, and the registry's answer after them. */
export class Report {
  readonly #values = new Map<string, string[]>();
  /** The registry's answer about its catalog. Null: the registry was not asked. */
  readonly catalog: Uint8Array | null;

  constructor(section: Uint8Array) {
    const bytes = Buffer.from(section.buffer, section.byteOffset, section.byteLength);
    const mark = Buffer.from('\ncatalog\n', 'latin1');
    const whole = Buffer.concat([Buffer.from('\n'), bytes]);
    const end = whole.indexOf(mark);
    this.catalog = end < 0 ? null : whole.subarray(end + mark.length);
    for (const line of linesOf(end < 0 ? bytes : whole.subarray(1, end))) this.#take(line);
  }

  all(key: string): readonly string[] {
    return this.#values.get(key) ?? [];
  }

  /** @throws MalformedOutput unless there is exactly one */
  one(key: string): string {
    const [value, ...more] = this.all(key);
    if (value === undefined || more.length > 0) throw new MalformedOutput('repeated', key);
    return value;
  }

  /**
   * A fact, reported once: `KEY known VALUE`, `KEY absent` or `KEY unknown CODE DETAIL`.
   *
   * @throws MalformedOutput otherwise
   */
  told(key: string): Fact<string> {
    const fact = readSectionFact(this.one(key));
    if (fact === undefined) throw new MalformedOutput('unreadable', key);
    return fact;
  }

  #take(line: string): void {
    const [, key, value = ''] = KEYS.exec(line) ?? [];
    if (key === undefined) throw new MalformedOutput('unreadable', 'storage-contents');
    this.#values.set(key, [...this.all(key), value]);
  }
}

/** Splits the output as bytes, because invalid UTF-8 in one name must not swallow the next line. */
function linesOf(bytes: Buffer): string[] {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at);
    const next = end < 0 ? bytes.length : end;
    if (next > at) lines.push(textFromBytes(bytes.subarray(at, next)));
    at = next + 1;
  }
  return lines;
}
