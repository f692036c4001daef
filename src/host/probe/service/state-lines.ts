import { textFromBytes } from '../../../model/host/host-path.ts';
import { SectionFacts } from '../../frame/section-facts.ts';

/** The section `service_state`: facts, and the entries of lists, `NAME REST`, by name and in order. */
export class StateLines extends SectionFacts {
  readonly #lines: readonly (readonly [name: string, rest: string])[];

  constructor(section: Uint8Array) {
    const lines = textFromBytes(section)
      .split('\n')
      .filter((line) => line !== '');
    super(lines);
    this.#lines = lines.map((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
    });
  }

  all(name: string): readonly string[] {
    return this.#lines.filter(([candidate]) => candidate === name).map(([, rest]) => rest);
  }

  /** Returns all lines with one of these names, in order. */
  among(...names: readonly string[]): readonly (readonly [name: string, rest: string])[] {
    return this.#lines.filter(([name]) => names.includes(name));
  }
}
