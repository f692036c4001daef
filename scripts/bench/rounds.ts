/** One thing to measure. */
export type Contestant = {
  readonly name: string;
  /** Takes part only in every n-th round, because it is slow. Default: every round. */
  readonly everyNthRound?: number;
  /** Does the work and returns its milliseconds. Throws if the result was wrong: failing fast does not count. */
  readonly measure: () => Promise<number>;
};

/** Milliseconds of every run, by the contestant's name. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Runs all contestants in turn, round after round (A B A B), so that other load on the machine affects them alike. */
export async function runRounds(rounds: number, contestants: readonly Contestant[]): Promise<Samples> {
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, everyNthRound = 1, measure } of contestants) {
      if (round % everyNthRound === 0) samples.get(name)?.push(await measure());
    }
  }
  return samples;
}

export function samplesOf(samples: Samples, name: string): readonly number[] {
  const found = samples.get(name);
  if (found === undefined) throw new Error(`nothing was measured as "${name}"`);
  return found;
}

/** The milliseconds that a piece of work in this process takes. */
export async function stopwatch(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
