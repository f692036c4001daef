import type { Jobs, Run, Within } from './jobs.ts';
import { StandingJob } from './standing-job.ts';

/** The jobs of the only bot of a record: it has every turn. */
export class EmbeddedJobs implements Jobs {
  readonly isShared = false;
  readonly #jobs = new Map<string, StandingJob>();

  keep(name: string, run: Run, within: Within): void {
    const job = new StandingJob(name, run, within);
    this.#jobs.set(name, job);
    job.beginTurn(
      () => true,
      () => false,
    );
  }

  drop(name: string): void {
    this.#jobs.get(name)?.drop();
    this.#jobs.delete(name);
  }

  begin(_name: string, what: string, run: (stop: AbortSignal) => Promise<void>, { work, stop }: Within): boolean {
    work.start(what, () => run(stop));
    return true;
  }

  has(): boolean {
    return true;
  }

  start(): void {}

  async leave(): Promise<void> {}
}
