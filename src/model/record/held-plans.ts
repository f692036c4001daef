import type { HostName, Sha256 } from './ids.ts';

/** How a plan ended, as its host has it on record. Null: it is still running there, or was interrupted. */
export type HeldOutcome = 'applied' | 'stale' | 'undone' | 'refused' | 'undo-failed' | null;

/** What a host holds about a plan that ran there. */
export type HeldPlan = {
  readonly hash: Sha256;
  readonly outcome: HeldOutcome;
  /** The checkpoint of the record under which it ran, on one line. Null: it came without one. */
  readonly checkpoint: string | null;
};

/** What a host holds of a record: the plans that ran there, out of reach of the bot. */
export type HeldPlans = {
  readonly host: HostName;
  /** The newest first. */
  readonly plans: readonly HeldPlan[];
  /** How many the host holds; more than it told if there are very many. */
  readonly held: number;
};
