import type { Phrase } from './phrase.ts';

/** A titled list. `empty` stands in place of its lines if there are none. */
export type FleetSection = {
  readonly title: string;
  readonly empty: string;
  /** A line, and what belongs to it. */
  readonly lines: readonly { readonly head: Phrase; readonly items: readonly Phrase[] }[];
};

/** A list whose lines have nothing below them. */
export function flatSection(title: string, empty: string, heads: readonly Phrase[]): FleetSection {
  return { title, empty, lines: heads.map((head) => ({ head, items: [] })) };
}
