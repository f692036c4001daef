import { setTimeout as sleep } from 'node:timers/promises';
import type { WebClient } from '@slack/web-api';
import { OperatorError } from '../../model/operator-error.ts';
import type { SlackTokenRefused, SlackTrouble } from '../../model/record/messages/slack-failure.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { OptionalBotScope } from './scopes.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './slack-failure.ts';

export type TokenPace = {
  /** After no answer. */
  readonly retryMs: number;
  /** After an answer. Slack allows this question hundreds of times a minute (docs.slack.dev/reference/methods/auth.test). */
  readonly everyMs: number;
};
const PACE: TokenPace = { retryMs: 5_000, everyMs: 30_000 };

/**
 * Checks whether Slack accepts the bot's token, for as long as the bot runs. With a refused token, or without a way to Slack, the bot receives
 * requests over HTTP but can't answer.
 */
export class BotToken {
  readonly #client: WebClient;
  readonly #log: Log;
  readonly #pace: TokenPace;
  readonly #stopping = new AbortController();
  readonly #accepted = Promise.withResolvers<void>();
  #firstCheck: Promise<void> | null = null;
  /** Null: Slack accepted it when last asked. */
  #trouble: SlackTrouble | null = { kind: 'token-not-checked' };
  #scopes: ReadonlySet<string> = new Set();
  #loop: Promise<void> = Promise.resolve();

  constructor(client: WebClient, log: Log, pace = PACE) {
    this.#client = client;
    this.#log = log;
    this.#pace = pace;
  }

  /**
   * Asks Slack whether it accepts the token. Asks once, however often it is called. Rejects if Slack refuses the token.
   * Otherwise it resolves, also if Slack gives no answer, and the question is asked again and again in the background.
   */
  check(): Promise<void> {
    this.#firstCheck ??= this.#checkNow();
    return this.#firstCheck;
  }

  /** Resolves once Slack has accepted the token. */
  get accepted(): Promise<void> {
    return this.#accepted.promise;
  }

  /** Why Slack did not accept the token when it was last asked. Null if it did. */
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
    this.#loop = this.#askUntilStopped();
  }

  async #askUntilStopped(): Promise<void> {
    const { signal } = this.#stopping;
    for (let refusedBefore = false; ; ) {
      const isAnswered = this.#trouble === null || this.#trouble.kind === 'token-refused';
      await sleep(isAnswered ? this.#pace.everyMs : this.#pace.retryMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const refusal = await this.#ask();
      if (refusal !== null && !refusedBefore) this.#log.error({ refusal }, 'Slack rejected the bot token');
      refusedBefore = refusal !== null;
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
