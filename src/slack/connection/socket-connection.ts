import { setTimeout as sleep } from 'node:timers/promises';
import type { App, Receiver } from '@slack/bolt';
import { OperatorError } from '../../model/operator-error.ts';
import type { SlackTrouble } from '../../model/record/messages/slack-failure.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { SlackConnection } from './slack-connection.ts';
import { type Attempt, type LinkOptions, SocketLink } from './socket-link.ts';

/** The pauses after failed attempts in a row. The last one is repeated. */
const PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
const LAST_PAUSE_MS = 30_000;
/** Others hold all of Slack's ten connections. Asking again at once would only be refused. */
const CROWDED_PAUSE_MS = 30_000;
/** After a warning, Slack itself ends the connection, seconds later. */
const WARNED_LIMIT_MS = 60_000;
/** What Slack sent before its last call is here by then, and acknowledged. */
const SETTLE_MS = 250;

/** Resolves after the time, or early if the signal fires. */
export type PauseFor = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Socket Mode with our own reconnecting: see {@link SocketLink}. When Slack asks a connection to leave, the next one is
 * opened before it is closed, so requests always arrive. Slack sends each request over one of them, and it is answered
 * there.
 */
export class SocketConnection implements SlackConnection {
  readonly receiver: Receiver;
  readonly #options: LinkOptions;
  readonly #log: Log;
  readonly #pauseFor: PauseFor;
  readonly #stopping = new AbortController();
  readonly #connected = Promise.withResolvers<void>();
  readonly #links = new Set<SocketLink>();
  readonly #retiring = new WeakSet<SocketLink>();
  readonly #app = Promise.withResolvers<App>();
  #trouble: SlackTrouble | null = null;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions & { readonly pauseFor?: PauseFor }) {
    this.#options = options;
    this.#log = options.log;
    this.#pauseFor = options.pauseFor ?? pauseFor;
    this.receiver = {
      init: (app) => this.#app.resolve(app),
      start: () => this.start(),
      stop: () => this.stop(),
    };
  }

  /** Resolves after the first attempt. If Slack is only away, attempts continue in the background. */
  async start(): Promise<void> {
    const link = await this.#newLink();
    const first = await this.#connect(link);
    if (first.kind === 'refused') throw new OperatorError({ code: 'slack-token', refused: first.why });
    this.#loop = this.#keepConnected(link, first);
  }

  isConnected(): boolean {
    return [...this.#links].some(({ isOpen }) => isOpen);
  }

  get connected(): Promise<void> {
    return this.#connected.promise;
  }

  get trouble(): SlackTrouble | null {
    return this.#trouble;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#closeAll();
    await this.#loop;
  }

  async #keepConnected(firstLink: SocketLink, first: Attempt): Promise<void> {
    let [link, attempt, failures] = [firstLink, first, 0];
    while (!this.#stopping.signal.aborted) {
      if (attempt.kind === 'connected') {
        failures = 0;
        this.#retireAllBut(link);
        await link.leaving;
      } else {
        this.#log.warn({ why: attempt.why, failures }, 'no Socket Mode connection to Slack; trying again');
        await this.#pauseFor(pauseAfter(attempt.why, failures), this.#stopping.signal);
        failures += 1;
      }
      if (this.#stopping.signal.aborted) break;
      link = await this.#newLink();
      attempt = await this.#connect(link);
    }
    await this.#closeAll();
  }

  async #newLink(): Promise<SocketLink> {
    return new SocketLink(this.#options, await this.#app.promise);
  }

  /** One attempt. Never rejects. */
  async #connect(link: SocketLink): Promise<Attempt> {
    this.#links.add(link);
    const attempt = await link.connect();
    if (attempt.kind === 'connected') {
      this.#trouble = null;
      this.#connected.resolve();
      this.#log.info({}, 'connected to Slack over Socket Mode');
      link.ended.then(() => this.#noteEnd(link));
    } else {
      this.#links.delete(link);
      this.#trouble = attempt.why;
    }
    return attempt;
  }

  #noteEnd(link: SocketLink): void {
    this.#links.delete(link);
    this.#log.info({}, 'the Socket Mode connection to Slack ended');
  }

  /** The older connections are closed, each after the last request over it. */
  #retireAllBut(current: SocketLink): void {
    for (const link of this.#links) {
      if (link === current || this.#retiring.has(link)) continue;
      this.#retiring.add(link);
      this.#retire(link).catch((error: unknown) => this.#log.warn({ err: error }, 'a connection could not be closed'));
    }
  }

  async #retire(link: SocketLink): Promise<void> {
    const waited = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, waited.signal]);
    await Promise.race([link.lastCall, pauseFor(WARNED_LIMIT_MS, signal)]);
    waited.abort();
    await pauseFor(SETTLE_MS, this.#stopping.signal);
    await link.close();
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#links].map((link) => link.close()));
  }
}

function pauseAfter(why: SlackTrouble, failures: number): number {
  if (why.kind === 'too-many-connections') return CROWDED_PAUSE_MS;
  return PAUSES_MS[failures] ?? LAST_PAUSE_MS;
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
