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

/** `shown`: what Slack has of it. */
type OpenTab = { readonly by: Person; readonly until: number; readonly shown: string | null };

/** The home tabs that people have open: published when they open them, and again when something has changed. */
export class HomeTabs {
  readonly #needs: Needs;
  readonly #open = new Map<UserId, OpenTab>();
  #gathering: NodeJS.Timeout | null = null;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Publishes the tab of this person, and keeps it current for a while. */
  async opened(by: Person): Promise<void> {
    const until = performance.now() + OPEN_MS;
    const shown = this.#open.get(by.user)?.shown ?? null;
    this.#open.delete(by.user);
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MAX_OPEN) this.#open.delete(oldest);
    this.#open.set(by.user, { by, until, shown });
    await this.#publish(by);
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
    for (const [user, { by, until }] of this.#open) {
      if (until < performance.now()) this.#open.delete(user);
      else await this.#publish(by);
    }
  }

  /** Slack is only told what it does not show yet. Never rejects: the next change, or the next opening, tries again. */
  async #publish(by: Person): Promise<void> {
    const { requests, client, wordsOf, log } = this.#needs;
    try {
      const [words, outcome] = await Promise.all([wordsOf(by.user), requests.homePage(by)]);
      const view = homeView(outcome, words);
      const shown = JSON.stringify(view);
      const tab = this.#open.get(by.user);
      if (tab?.shown === shown) return;
      await client.views.publish({ user_id: by.user, view });
      if (tab !== undefined) this.#open.set(by.user, { ...tab, shown });
    } catch (error) {
      log.warn({ failure: slackFailure(error) }, 'a home tab could not be published');
    }
  }
}
