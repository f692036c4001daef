import type { HomeView, ModalView } from '../blocks/view.ts';
import type { ChangeFeed } from './change-feed.ts';

/** A modal that is open for a person. */
export type OpenView = {
  readonly id: string;
  readonly userId: string;
  readonly view: ModalView;
  readonly hash: string;
};

/** What a person's home tab shows. */
export type PublishedHome = { readonly id: string; readonly view: HomeView; readonly hash: string };

export class ViewStore {
  readonly #views = new Map<string, OpenView>();
  readonly #feed: ChangeFeed;
  readonly #homes = new Map<string, PublishedHome>();
  #opened = 0;
  #changes = 0;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  open(userId: string, view: ModalView): OpenView {
    this.#opened += 1;
    return this.#put(`V0${String(this.#opened).padStart(6, '0')}`, userId, view);
  }

  close(id: string): void {
    this.#views.delete(id);
    this.#feed.notify();
  }

  publish(userId: string, view: HomeView): PublishedHome {
    const home = { id: `V0HOME${userId}`, view, hash: this.#nextHash() };
    this.#homes.set(userId, home);
    this.#feed.notify();
    return home;
  }

  homeOf(userId: string): PublishedHome | null {
    return this.#homes.get(userId) ?? null;
  }

  update(old: OpenView, view: ModalView): OpenView {
    return this.#put(old.id, old.userId, view);
  }

  find(id: string): OpenView | undefined {
    return this.#views.get(id);
  }

  withExternalId(externalId: string): OpenView | undefined {
    return [...this.#views.values()].find(({ view }) => view.external_id === externalId);
  }

  of(userId: string): readonly OpenView[] {
    return [...this.#views.values()].filter((open) => open.userId === userId);
  }

  #put(id: string, userId: string, view: ModalView): OpenView {
    const open = { id, userId, view, hash: this.#nextHash() };
    this.#views.set(id, open);
    this.#feed.notify();
    return open;
  }

  #nextHash(): string {
    this.#changes += 1;
    return `${Math.floor(Date.now() / 1000)}.hash${this.#changes}`;
  }
}
