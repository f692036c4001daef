import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServingBot } from '../bots/serving-bot.ts';
import type { CrashScene } from './crash-scene.ts';
import type { KillPoint } from './kill-point.ts';

/** Starts a bot whenever there is none, as a service manager does. */
export class BotLives {
  readonly #scene: CrashScene;
  #bot: ServingBot | null = null;
  #logs = '';

  constructor(scene: CrashScene) {
    this.#scene = scene;
  }

  /** What all bots have logged, the newest last. */
  get log(): string {
    return this.#logs + (this.#bot?.log() ?? '');
  }

  get bot(): ServingBot | null {
    return this.#bot;
  }

  /**
   * One life: until the kill point, or until the time is up, when it is killed wherever it is. Resolves to whether the kill point was reached.
   * It can be reached even before Slack can reach the bot.
   */
  async live(killPoint: KillPoint, limitMs: number): Promise<boolean> {
    const isReached = await this.#start(killPoint).then(
      (bot) => Promise.race([once(bot.process, 'exit').then(() => true), sleep(limitMs, false)]),
      (error) => /ended with null before it served/.test(String(error)),
    );
    await this.kill();
    return isReached;
  }

  /** A life that no kill point ends. It is tried until it lives: Slack may be away when it starts. */
  async liveOn(): Promise<void> {
    for (let left = 3; ; left -= 1) {
      try {
        await this.#start(null);
        return;
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  }

  /** Asks the bot to end, so that it signs what it has recorded. */
  async stop(): Promise<void> {
    await this.#bot?.stop();
    await this.kill();
  }

  async kill(): Promise<void> {
    await this.#bot?.kill();
    this.#logs = (this.#logs + (this.#bot?.log() ?? '')).slice(-4_000_000);
    this.#bot = null;
  }

  async #start(killPoint: KillPoint | null): Promise<ServingBot> {
    this.#bot = await this.#scene.live(killPoint);
    return this.#bot;
  }
}
