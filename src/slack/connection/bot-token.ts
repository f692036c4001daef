import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { OperatorError } from '../../model/operator-error.ts';
import type { SlackTokenRefused, SlackTrouble } from '../../model/record/messages/slack-failure.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { OptionalBotScope } from './scopes.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './slack-failure.ts';

const RETRY_DELAY_MS = 5_000;

/** Checks whether Slack accepts the bot's token. With a refused token the bot receives requests but can't answer. */
export class BotToken {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #retryDelayMs: number;
  readonly #stopping = new AbortController();
  readonly #accepted = Promise.withResolvers<void>();
  #firstCheck: Promise<void> | null = null;
  /** Null: Slack has accepted it. */
  #trouble: SlackTrouble | null = { kind: 'token-not-checked' };
  #scopes: ReadonlySet<string> = new Set();
  #loop: Promise<void> = Promise.resolve();

  constructor(client: WebClient, log: Log, retryDelayMs = RETRY_DELAY_MS) {
    this.#client = client;
    this.#log = log;
    this.#retryDelayMs = retryDelayMs;
  }

  /**
   * Asks Slack whether it accepts the token. Asks once, however often it is called. Rejects if Slack refuses the token.
   * If Slack gives no answer, it resolves, and asks again in the background until Slack accepts or refuses the token.
   */
  check(): Promise<void> {
    this.#firstCheck ??= this.#checkNow();
    return this.#firstCheck;
  }

  /** Resolves once Slack has accepted the token. */
  get accepted(): Promise<void> {
    return this.#accepted.promise;
  }

  /** Why Slack has not accepted the token. Null if it has. */
  get trouble(): SlackTrouble | null {
    return this.#trouble;
  }

  /** Whether Slack has granted this scope. False until it has accepted the token. */
  has(scope: OptionalBotScope): boolean {
    return this.#scopes.has(scope);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #checkNow(): Promise<void> {
    const refusal = await this.#ask();
    if (refusal !== null) throw new OperatorError({ code: 'slack-token', refused: refusal });
    if (this.#trouble !== null) this.#loop = this.#askUntilAnswered();
  }

  async #askUntilAnswered(): Promise<void> {
    while (this.#trouble !== null && !this.#stopping.signal.aborted) {
      await sleep(this.#retryDelayMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return;
      const refusal = await this.#ask();
      if (refusal !== null) return this.#log.error({ refusal }, 'Slack rejected the bot token');
    }
  }

  /** Asks Slack once. Returns the refusal if Slack refuses the token. */
  async #ask(): Promise<SlackTokenRefused | null> {
    try {
      const answer = await this.#client.auth.test();
      this.#scopes = new Set(answer.response_metadata?.scopes ?? []);
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
