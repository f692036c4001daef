import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { OperatorError } from '../../model/operator-error.ts';
import type { SlackTokenRefused, SlackTrouble } from '../../model/record/slack-failure.ts';
import type { Log } from '../../workflow/ports.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './slack-failure.ts';

const ASK_AGAIN_MS = 5_000;

/** Whether Slack accepts the bot's token. Without that, the bot receives requests but can't answer. */
export class BotToken {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #accepted = Promise.withResolvers<void>();
  #first: Promise<void> | null = null;
  /** Null: Slack has accepted it. */
  #trouble: SlackTrouble | null = { kind: 'token-not-checked' };
  #loop: Promise<void> = Promise.resolve();

  constructor(client: WebClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /**
   * Asks Slack once, however often it is called. Rejects if Slack refuses the token. If Slack is only away, it
   * resolves, and the question is repeated in the background.
   */
  check(): Promise<void> {
    this.#first ??= this.#checkFirst();
    return this.#first;
  }

  /** Resolves once Slack has accepted the token. */
  get accepted(): Promise<void> {
    return this.#accepted.promise;
  }

  /** Why Slack has not accepted the token. Null if it has. */
  get trouble(): SlackTrouble | null {
    return this.#trouble;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #checkFirst(): Promise<void> {
    const refusal = await this.#ask();
    if (refusal !== null) throw new OperatorError({ code: 'slack-token', refused: refusal });
    if (this.#trouble !== null) this.#loop = this.#askUntilAccepted();
  }

  async #askUntilAccepted(): Promise<void> {
    while (this.#trouble !== null && !this.#stopping.signal.aborted) {
      await sleep(ASK_AGAIN_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return;
      const refusal = await this.#ask();
      if (refusal !== null) this.#log.error({ refusal }, 'Slack rejected the bot token');
    }
  }

  /** One request. Returns the refusal if Slack refuses the token. */
  async #ask(): Promise<SlackTokenRefused | null> {
    try {
      await this.#client.auth.test();
      this.#trouble = null;
      this.#accepted.resolve();
      return null;
    } catch (error) {
      const failure = slackFailure(error);
      const refusal = isTokenRefused(failure) ? tokenRefused('bot', failure) : null;
      this.#trouble = refusal ?? failure;
      return refusal;
    }
  }
}
