import type { Told } from './flow.ts';
import type { HostRow, Way } from './row.ts';

/** What the product said on the host of one row. */
export type Seen = {
  readonly id: string;
  readonly group: HostRow['group'];
  readonly what: string;
  readonly versions: string;
  readonly ways: readonly SeenWay[];
  /** In what the product differs from what the row expects. Empty: it said what it has to say. */
  readonly problems: readonly string[];
};

export type SeenWay = {
  readonly way: Way;
  /** The whole story in one line. `whole`: every stage went as on a host without anything odd. */
  readonly summary: string;
  /** What people read of the broken registry, or of the host that could not be diagnosed. */
  readonly said: string;
  /** The failed checks of `check`. */
  readonly check: readonly string[];
  /** How long the diagnosis took. */
  readonly ms: number;
};

export type { Told };
