import type { NetworkCut } from '../crash/network-cut.ts';
import type { BotFiles, ServingBot } from '../serving-bot.ts';

/** One bot of several: a process that is started again whenever it was killed, and its way to Postgres. */
export class ChaosBot {
  readonly name: string;
  readonly files: BotFiles;
  readonly way: NetworkCut;
  /** When it was killed (performance.now()). */
  readonly kills: number[] = [];
  #running: ServingBot | null = null;
  #earlier = '';

  constructor(name: string, files: BotFiles, way: NetworkCut) {
    this.name = name;
    this.files = files;
    this.way = way;
  }

  /** What it logged in all its lives. */
  get log(): string {
    return this.#earlier + (this.#running?.log() ?? '');
  }

  /** It is tried until it lives: Slack or Postgres may be away when it starts. */
  async start(): Promise<void> {
    for (let left = 8; this.#running === null; left -= 1) {
      this.#running = await this.files.start().catch((error: unknown) => {
        if (left === 0) throw error;
        return null;
      });
    }
  }

  async kill(): Promise<void> {
    this.kills.push(performance.now());
    await this.#running?.kill();
    this.#forget();
  }

  /** Resolves to its exit status. */
  async stop(): Promise<number | null> {
    const status = (await this.#running?.stop()) ?? null;
    this.#forget();
    return status;
  }

  pause(): void {
    this.#running?.process.kill('SIGSTOP');
  }

  goOn(): void {
    this.#running?.process.kill('SIGCONT');
  }

  #forget(): void {
    this.#earlier = this.log.slice(-4_000_000);
    this.#running = null;
  }
}
