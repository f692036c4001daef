import type { Run, Within } from './jobs.ts';

/** How long another bot may try, before this one asks for the turn again. */
const REST_MS = 60_000;

/** A job for which this bot can have the turn, and what runs under that turn. */
export class StandingJob {
  readonly #name: string;
  readonly #run: Run;
  readonly #within: Within;
  readonly #running = new Set<Promise<void>>();
  #turn: AbortController | null = null;
  #isDropped = false;
  #restsUntilMs = Number.NEGATIVE_INFINITY;

  constructor(name: string, run: Run, within: Within) {
    this.#name = name;
    this.#run = run;
    this.#within = within;
  }

  /** Whether the job is to be done here at all. */
  get isKept(): boolean {
    return !this.#isDropped && !this.#within.stop.aborted;
  }

  /** Whether the job is to be done here now. */
  get isWanted(): boolean {
    return this.isKept && performance.now() >= this.#restsUntilMs;
  }

  /** Whether something still runs, also under a turn that has ended. */
  get isUnderWay(): boolean {
    return this.#running.size > 0;
  }

  /** Whether the turn is to go on. */
  get goesOn(): boolean {
    return this.isKept && this.#turn?.signal.aborted === false;
  }

  /** `mayAct`: whether the turn is certain right now. `mayYield`: whether there is another bot. */
  beginTurn(mayAct: () => boolean, mayYield: () => boolean): void {
    const turn = new AbortController();
    this.#turn = turn;
    const { signal } = turn;
    const isOurs = () => this.#turn === turn && mayAct();
    const stop = AbortSignal.any([signal, this.#within.stop]);
    const giveUp = () => {
      if (!mayYield()) return;
      this.#restsUntilMs = performance.now() + REST_MS;
      turn.abort();
    };
    this.#start(this.#name, () => this.#run({ stop, isMoving: () => signal.aborted, isOurs, yield: giveUp }));
  }

  /** Lets the turn end in its own time. It is ours until nothing is under way. */
  endTurn(): void {
    this.#turn?.abort();
  }

  /** The turn is no longer ours, whatever is still under way. */
  loseTurn(): void {
    this.endTurn();
    this.#turn = null;
  }

  drop(): void {
    this.#isDropped = true;
    this.endTurn();
  }

  /** Runs something under this turn. */
  run(what: string, work: (stop: AbortSignal) => Promise<void>, within: Within): void {
    const signal = this.#turn?.signal ?? AbortSignal.abort();
    this.#start(what, () => work(AbortSignal.any([signal, within.stop])), within);
  }

  #start(what: string, work: () => Promise<void>, { work: inFlight } = this.#within): void {
    inFlight.start(what, () => {
      const running = work().finally(() => this.#running.delete(running));
      this.#running.add(running);
      return running;
    });
  }
}
