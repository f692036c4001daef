import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../ports/bot.ts';
import type { BotId, Leases } from '../ports/bots.ts';
import type { Jobs, Run, Within } from './jobs.ts';
import { preferredBot } from './rendezvous.ts';
import { StandingJob } from './standing-job.ts';

const BEAT_MS = 1_000;
const AFTER_JOINING_MS = 50;
/** A lease counts for less time here than for the others, so that it has ended here before another bot can have it. */
const COUNTED = 0.8;
/** So many beats apart, turns that no one has are taken by any bot: the one that is to have them might not know that host. */
const LEFT_OVER_EVERY = 5;

/**
 * The jobs of one of several bots on a record. Every second it renews all its leases at once, or finds that it has none any more.
 * Rendezvous hashing says which bot is to have a turn. Another one that has it ends its work there first, and then gives it up.
 *
 * Whatever a bot does after its lease has ended does no harm: the record refuses what it writes, each step on record is compare-and-set, and
 * a host runs a plan once. This only keeps work from being done twice for nothing.
 */
export class SharedJobs implements Jobs {
  readonly isShared = true;
  readonly #leases: Leases;
  readonly #log: Log;
  readonly #jobs = new Map<string, StandingJob>();
  readonly #held = new Set<string>();
  readonly #end = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  #bot: BotId | null = null;
  #beats = 0;
  #countsUntil = Number.NEGATIVE_INFINITY;
  #lapse: NodeJS.Timeout | undefined;
  #wasBeating = true;
  #bots = '';
  #amount = 1;
  readonly #preferred = new Map<string, BotId | null>();

  constructor(leases: Leases, log: Log) {
    this.#leases = leases;
    this.#log = log;
  }

  start(): void {
    this.#beating = this.#beatUntil(this.#end.signal);
  }

  keep(name: string, run: Run, within: Within): void {
    this.#jobs.set(name, new StandingJob(name, run, within));
  }

  drop(name: string): void {
    const job = this.#jobs.get(name);
    job?.drop();
    if (!this.#held.has(name)) this.#jobs.delete(name);
  }

  has(name: string): boolean {
    return this.#held.has(name) && this.#counts() && this.#jobs.get(name)?.goesOn === true;
  }

  begin(name: string, what: string, run: (stop: AbortSignal) => Promise<void>, within: Within): boolean {
    if (!this.has(name)) return false;
    this.#jobs.get(name)?.run(what, run, within);
    return true;
  }

  async leave(): Promise<void> {
    this.#end.abort();
    await this.#beating;
    this.#loseAll();
    await this.#leases.leave().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'the leases could not be given up; others take them when they have ended');
    });
  }

  async #beatUntil(end: AbortSignal): Promise<void> {
    while (!end.aborted) {
      const pause = await this.#beat().then(
        (ms) => this.#tellBeating(ms),
        (error: unknown) => this.#tellFailed(error),
      );
      await sleep(pause, undefined, { signal: end }).catch(() => {});
    }
  }

  #tellBeating(ms: number): number {
    if (!this.#wasBeating) this.#log.info({ bot: this.#bot }, 'leases can be renewed again');
    this.#wasBeating = true;
    return ms;
  }

  #tellFailed(error: unknown): number {
    if (this.#wasBeating) this.#log.error({ err: error }, 'no lease could be renewed; work ends until one can be');
    this.#wasBeating = false;
    return BEAT_MS;
  }

  /** Resolves to the time until the next one. */
  async #beat(): Promise<number> {
    const askedAt = performance.now();
    const renewal = this.#bot === null ? null : await this.#leases.renew();
    if (renewal === null || renewal.held !== this.#held.size) {
      await this.#join();
      return AFTER_JOINING_MS;
    }
    this.#countFrom(askedAt);
    this.#amount = renewal.bots.length;
    for (const name of renewal.asked) this.#jobs.get(name)?.endTurn();
    await this.#release();
    await this.#take(renewal.bots);
    this.#beats += 1;
    return BEAT_MS;
  }

  /** As a new bot: others might have taken whatever the former one had. */
  async #join(): Promise<void> {
    this.#loseAll();
    if (this.#bot !== null) await this.#leases.leave();
    this.#bot = null;
    this.#bot = await this.#leases.join();
    this.#log.info({ bot: this.#bot }, 'joined the bots of this record');
  }

  #countFrom(askedAt: number): void {
    const ms = this.#leases.lastsMs * COUNTED;
    this.#countsUntil = askedAt + ms;
    clearTimeout(this.#lapse);
    this.#lapse = setTimeout(() => this.#loseAll(), this.#countsUntil - performance.now());
  }

  #counts(): boolean {
    return performance.now() < this.#countsUntil;
  }

  #loseAll(): void {
    clearTimeout(this.#lapse);
    this.#countsUntil = Number.NEGATIVE_INFINITY;
    for (const name of this.#held) this.#jobs.get(name)?.loseTurn();
    this.#held.clear();
  }

  /** Gives up the turns that have ended, once nothing of them is under way. */
  async #release(): Promise<void> {
    const over = [...this.#held].filter((name) => {
      const job = this.#jobs.get(name);
      return job === undefined || !(job.goesOn || job.isUnderWay);
    });
    if (over.length === 0) return;
    await this.#leases.release(over);
    for (const name of over) {
      this.#held.delete(name);
      if (this.#jobs.get(name)?.isKept === false) this.#jobs.delete(name);
    }
  }

  async #take(bots: readonly BotId[]): Promise<void> {
    const wanted = [...this.#jobs]
      .filter(([name, job]) => job.isWanted && !job.isUnderWay && !this.#held.has(name))
      .map(([name]) => name);
    if (wanted.length === 0) return;
    const mine = this.#preferredOf(wanted, bots);
    await this.#takeThese(mine, true);
    if (this.#beats % LEFT_OVER_EVERY !== 0) return;
    await this.#takeThese(
      wanted.filter((name) => !mine.includes(name)),
      false,
    );
  }

  #preferredOf(names: readonly string[], bots: readonly BotId[]): readonly string[] {
    const these = bots.join();
    if (these !== this.#bots) this.#preferred.clear();
    this.#bots = these;
    return names.filter((name) => {
      if (!this.#preferred.has(name)) this.#preferred.set(name, preferredBot(name, bots));
      return this.#preferred.get(name) === this.#bot;
    });
  }

  async #takeThese(names: readonly string[], isAsked: boolean): Promise<void> {
    if (names.length === 0) return;
    for (const name of await this.#leases.take(names, { isAsked })) {
      this.#held.add(name);
      this.#jobs.get(name)?.beginTurn(
        () => this.#counts(),
        () => this.#amount > 1,
      );
    }
  }
}
