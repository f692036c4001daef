import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { OperatorError } from '../../model/operator-error.ts';
import type { Words } from '../../words/index.ts';
import type { Log } from '../../workflow/ports.ts';
import { isTokenRefused, slackFailure } from './slack-failure.ts';

const ASK_AGAIN_MS = 5_000;

/** Whether Slack takes the bot's token: without that the bot hears requests, but is mute. */
export class BotToken {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #words: Words['slackFailure'];
  readonly #stopping = new AbortController();
  readonly #accepted = Promise.withResolvers<void>();
  #first: Promise<void> | null = null;
  /** Null: Slack has taken it. */
  #trouble: string | null;
  #loop: Promise<void> = Promise.resolve();

  constructor(client: WebClient, log: Log, words: Words) {
    this.#client = client;
    this.#log = log;
    this.#words = words.slackFailure;
    this.#trouble = words.slackFailure.TOKEN_NOT_CHECKED;
  }

  /**
   * Asks Slack once, however often it is called. Rejects when Slack refuses the token. When Slack is only away it resolves, and the token
   * is asked for again in the background.
   */
  check(): Promise<void> {
    this.#first ??= this.#checkFirst();
    return this.#first;
  }

  /** Resolves once Slack has taken the token. */
  get accepted(): Promise<void> {
    return this.#accepted.promise;
  }

  /** Why Slack has not taken the token; null when it has. */
  get trouble(): string | null {
    return this.#trouble;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #checkFirst(): Promise<void> {
    const refusal = await this.#ask();
    if (refusal !== null) throw new OperatorError(refusal);
    if (this.#trouble !== null) this.#loop = this.#askUntilAccepted();
  }

  async #askUntilAccepted(): Promise<void> {
    while (this.#trouble !== null && !this.#stopping.signal.aborted) {
      await sleep(ASK_AGAIN_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return;
      const refusal = await this.#ask();
      if (refusal !== null) this.#log.error({}, refusal);
    }
  }

  /** One question. Returns the refusal, if Slack refuses the token. */
  async #ask(): Promise<string | null> {
    try {
      await this.#client.auth.test();
      this.#trouble = null;
      this.#accepted.resolve();
      return null;
    } catch (error) {
      const failure = slackFailure(error);
      const isRefused = isTokenRefused(failure);
      this.#trouble = isRefused
        ? this.#words.tokenRefused('bot', failure.code)
        : this.#words.slackFailureClause(failure);
      return isRefused ? this.#trouble : null;
    }
  }
}
