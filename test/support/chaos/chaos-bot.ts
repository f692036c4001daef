import { type BotFiles, CAMPAIGN, type ServingBot } from '../bots/serving-bot.ts';
import type { NetworkCut } from '../crash/network-cut.ts';

/** What only this bot goes through to reach the others. */
export type Ways = { readonly postgres: NetworkCut; readonly slack: NetworkCut };

/** One bot of several: a process that is started again whenever it was killed, and its ways to Postgres and to Slack. */
export class ChaosBot {
  readonly name: string;
  readonly files: BotFiles;
  readonly ways: Ways;
  /** When it was killed (performance.now()). */
  readonly kills: number[] = [];
  #running: ServingBot | null = null;
  #earlier = '';

  constructor(name: string, files: BotFiles, ways: Ways) {
    this.name = name;
    this.files = files;
    this.ways = ways;
  }

  /** What it logged in all its lives. */
  get log(): string {
    return this.#earlier + (this.#running?.log() ?? '');
  }

  /** Slack saw it acknowledge this. */
  hasTaken({ takenAt }: { readonly takenAt: string | null }): boolean {
    return takenAt === `http://127.0.0.1:${this.ways.slack.port}`;
  }

  /** When it last logged this. Negative infinity: never, or long ago. */
  lastLogged(message: string): number {
    const { log } = this;
    const at = log.lastIndexOf(`"msg":"${message}"`);
    const line = log.slice(log.lastIndexOf('\n', at) + 1, at);
    const time = at === -1 ? undefined : /"time":"([^"]+)"/.exec(line)?.[1];
    return time === undefined ? Number.NEGATIVE_INFINITY : Date.parse(time);
  }

  /** It is tried until it lives: Slack or Postgres may be away when it starts. */
  async start(): Promise<void> {
    for (let left = 8; this.#running === null; left -= 1) {
      this.#running = await this.files.start({ imports: CAMPAIGN, environment: {} }).catch((error: unknown) => {
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
