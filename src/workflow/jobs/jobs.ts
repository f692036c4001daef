import type { Turn } from '../ports/bots.ts';
import type { WorkInFlight } from './work-in-flight.ts';

export type Run = (turn: Turn) => Promise<void>;

/** What a job counts to, and what ends it together with the others. */
export type Within = { readonly work: WorkInFlight; readonly stop: AbortSignal };

/**
 * The work of a bot, each piece under a name of which only one bot at a time has the turn: a duty (`expiring plans`), or a
 * host (`host git01`). Whatever a piece of work needs is on record, so it survives its process: the next bot that gets the turn does it.
 */
export interface Jobs {
  /** A standing job: `run` begins whenever this bot gets the turn, and ends when its turn ends. */
  keep(name: string, run: Run, within: Within): void;
  /** Ends a standing job here. This bot does not want its turn any more. */
  drop(name: string): void;
  /**
   * A job that is done once, under the name of a standing job. It ends with that turn. False: another bot has the turn, and finds
   * the work on record.
   */
  begin(name: string, what: string, run: (stop: AbortSignal) => Promise<void>, within: Within): boolean;
  /** Whether this bot has the turn, and is to keep it. */
  has(name: string): boolean;
  /** Whether other bots may work on the same record. Then work can be found there at any time. */
  readonly isShared: boolean;
  start(): void;
  /** After all work has ended: gives its turns to the others. */
  leave(): Promise<void>;
}
