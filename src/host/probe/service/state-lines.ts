import { textFromBytes } from '../../../model/host/host-path.ts';

/** The lines of a section, `NAME REST`, by name and in order. */
export class StateLines {
  readonly #lines: readonly (readonly [name: string, rest: string])[];

  constructor(section: Uint8Array) {
    this.#lines = textFromBytes(section)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const space = line.indexOf(' ');
        return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
      });
  }

  all(name: string): readonly string[] {
    return this.#lines.filter(([candidate]) => candidate === name).map(([, rest]) => rest);
  }

  first(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** All lines with one of these names, in order. */
  among(...names: readonly string[]): readonly (readonly [name: string, rest: string])[] {
    return this.#lines.filter(([name]) => names.includes(name));
  }
}
