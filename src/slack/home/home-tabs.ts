import type { WebClient } from '@slack/web-api';
import type { UserId } from '../../model/record/ids.ts';
import type { WorkInFlight } from '../../workflow/jobs/work-in-flight.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Person, Requests } from '../../workflow/requests.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import type { WordsOf } from '../people/reader-words.ts';
import { homeView } from './home-view.ts';

/** Slack does not say when a tab is closed. After this time it counts as closed. */
const OPEN_MS = 30 * 60_000;
const MAX_OPEN = 50;
/** What changes together is shown together. */
const GATHER_MS = 3_000;

type Needs = {
  readonly requests: Pick<Requests, 'homePage'>;
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
  readonly inFlight: WorkInFlight;
  readonly log: Log;
};

type Tab = {
  readonly by: Person;
  /** When it counts as closed. */
  until: number;
  /** What Slack has of it. */
  shown: string | null;
  /** Ends with what was begun last, so that an older look never comes after a newer one. */
  turn: Promise<Published>;
};

/** `limited`: Slack takes it after that time. */
type Published = { readonly kind: 'done' | 'failed' } | { readonly kind: 'limited'; readonly afterMs: number };

/** The home tabs that people have open: published when they open them, and again when something has changed. */
export class HomeTabs {
  readonly #needs: Needs;
  readonly #open = new Map<UserId, Tab>();
  #timer: NodeJS.Timeout | null = null;
  #isRefreshing = false;
  /** Something has changed while a refresh was under way. */
  #isAgain = false;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Publishes the tab of this person, and keeps it current for a while. */
  async opened(by: Person): Promise<void> {
    const tab = this.#open.get(by.user) ?? { by, until: 0, shown: null, turn: Promise.resolve(DONE) };
    tab.until = performance.now() + OPEN_MS;
    this.#open.delete(by.user);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#open.delete(oldest);
    this.#open.set(by.user, tab);
    const published = await this.#publish(tab);
    if (published.kind === 'limited') this.#refreshAfter(published.afterMs);
  }

  /** People might see something else now. */
  changed(): void {
    if (this.#isRefreshing) this.#isAgain = true;
    else this.#refreshAfter(0);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#open.clear();
  }

  #refreshAfter(ms: number): void {
    if (this.#timer !== null || this.#open.size === 0) return;
    const begin = () => {
      this.#timer = null;
      this.#needs.inFlight.start('refreshing home tabs', () => this.#refresh());
    };
    this.#timer = setTimeout(begin, Math.max(GATHER_MS, ms)).unref();
  }

  /** One at a time. A limit ends it: the tabs that are left are refreshed when Slack takes them again. */
  async #refresh(): Promise<void> {
    this.#isRefreshing = true;
    this.#isAgain = false;
    const afterMs = await this.#refreshOpen();
    this.#isRefreshing = false;
    if (afterMs !== null || this.#isAgain) this.#refreshAfter(afterMs ?? 0);
  }

  /** Resolves to the time that Slack asks to wait. Null: all were refreshed. */
  async #refreshOpen(): Promise<number | null> {
    for (const tab of [...this.#open.values()]) {
      if (tab.until < performance.now()) {
        this.#open.delete(tab.by.user);
        continue;
      }
      const published = await this.#publish(tab);
      if (published.kind === 'limited') return published.afterMs;
    }
    return null;
  }

  #publish(tab: Tab): Promise<Published> {
    tab.turn = tab.turn.then(() => this.#publishNow(tab));
    return tab.turn;
  }

  /** Slack is only told what it does not show yet. Never rejects: the next change, or the next opening, tries again. */
  async #publishNow(tab: Tab): Promise<Published> {
    const { requests, client, wordsOf, log } = this.#needs;
    const { user } = tab.by;
    try {
      const [words, outcome] = await Promise.all([wordsOf(user), requests.homePage(tab.by)]);
      const view = homeView(outcome, words);
      const shown = JSON.stringify(view);
      if (tab.shown === shown) return DONE;
      await client.views.publish({ user_id: user, view });
      tab.shown = shown;
      return DONE;
    } catch (error) {
      const failure = slackFailure(error);
      log.warn({ failure }, 'a home tab could not be published');
      return failure.kind === 'rate-limited' ? { kind: 'limited', afterMs: failure.afterMs } : { kind: 'failed' };
    }
  }
}

const DONE: Published = { kind: 'done' };
