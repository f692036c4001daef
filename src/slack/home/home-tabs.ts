import type { WebClient } from '@slack/web-api';
import type { UserId } from '../../model/record/ids.ts';
import type { Log } from '../../workflow/ports.ts';
import type { Person, Requests } from '../../workflow/requests.ts';
import type { WorkInFlight } from '../../workflow/work-in-flight.ts';
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
  turn: Promise<void>;
};

/** The home tabs that people have open: published when they open them, and again when something has changed. */
export class HomeTabs {
  readonly #needs: Needs;
  readonly #open = new Map<UserId, Tab>();
  #gathering: NodeJS.Timeout | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Publishes the tab of this person, and keeps it current for a while. */
  async opened(by: Person): Promise<void> {
    const tab = this.#open.get(by.user) ?? { by, until: 0, shown: null, turn: Promise.resolve() };
    tab.until = performance.now() + OPEN_MS;
    this.#open.delete(by.user);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#open.delete(oldest);
    this.#open.set(by.user, tab);
    await this.#publish(tab);
  }

  /** People might see something else now. */
  changed(): void {
    if (this.#gathering !== null || this.#open.size === 0) return;
    this.#gathering = setTimeout(() => {
      this.#gathering = null;
      this.#needs.inFlight.start('refreshing home tabs', () => this.#refresh());
    }, GATHER_MS).unref();
  }

  stop(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#open.clear();
  }

  async #refresh(): Promise<void> {
    for (const tab of [...this.#open.values()]) {
      if (tab.until < performance.now()) this.#open.delete(tab.by.user);
      else await this.#publish(tab);
    }
  }

  #publish(tab: Tab): Promise<void> {
    tab.turn = tab.turn.then(() => this.#publishNow(tab));
    return tab.turn;
  }

  /** Slack is only told what it does not show yet. Never rejects: the next change, or the next opening, tries again. */
  async #publishNow(tab: Tab): Promise<void> {
    const { requests, client, wordsOf, log } = this.#needs;
    const { user } = tab.by;
    try {
      const [words, outcome] = await Promise.all([wordsOf(user), requests.homePage(tab.by)]);
      const view = homeView(outcome, words);
      const shown = JSON.stringify(view);
      if (tab.shown === shown) return;
      await client.views.publish({ user_id: user, view });
      tab.shown = shown;
    } catch (error) {
      log.warn({ failure: slackFailure(error) }, 'a home tab could not be published');
    }
  }
}
