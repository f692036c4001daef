import type { WatchSeen } from '../../model/fleet/fleet.ts';
import type { HostName } from '../../model/record/ids.ts';

/** Who does what, where several bots work on one record. */

/** What the monitoring of all bots saw last of each host. What a bot told ends with it. */
export interface Sights {
  tell(seen: ReadonlyMap<HostName, WatchSeen>): Promise<void>;
  read(): Promise<ReadonlyMap<HostName, WatchSeen>>;
}

/** The sessions that all bots together have on each host. */
export interface HostSessions {
  /**
   * Counts one more session on the host, for `lastsMs` or until it is given back. Null: there are `most` already. Rejects if the database
   * can't be asked: then none may begin.
   */
  take(host: HostName, limits: { readonly most: number; readonly lastsMs: number }): Promise<HostSession | null>;
}

export type HostSession = {
  /** The host has said that the session is over. Never rejects. */
  giveBack(): Promise<void>;
};

/** One bot's turn at a job that only one bot does at a time. */
export type Turn = {
  /** Fires when the job has to end here. */
  readonly stop: AbortSignal;
  /** Whether another bot is to do the job from now on, so that nothing new is begun here. */
  isMoving(): boolean;
  /** False: another bot might be doing the job. What can't be undone must not be done then. */
  isOurs(): boolean;
  /** This bot can't do the job right now, and another one might. Does nothing if there is no other one. */
  yield(): void;
};

/** A bot among those that work on one record, since it joined them. */
export type BotId = number;

/**
 * Which bot has which turn, in the database of the record and by its clock. A bot has its leases for `lastsMs` from each renewal on. After
 * that the record takes nothing from it until it joins again, as a new bot that has no lease.
 */
export interface Leases {
  readonly lastsMs: number;
  join(): Promise<BotId>;
  /** All leases of this bot at once. Null: it renewed them too late, and has none. */
  renew(): Promise<Renewal | null>;
  /** Resolves to those that it has from now on: no other bot had them. `isAsked`: the others are asked to give them up. */
  take(names: readonly string[], how: { readonly isAsked: boolean }): Promise<readonly string[]>;
  release(names: readonly string[]): Promise<void>;
  /** Ends all leases of this bot. */
  leave(): Promise<void>;
}

export type Renewal = {
  /** Every bot, this one among them. */
  readonly bots: readonly BotId[];
  /** How many leases this bot has. */
  readonly held: number;
  /** Those of them that another bot asks for. */
  readonly asked: readonly string[];
};
