import type { ModalView } from './blocks/view.ts';
import type { ChangeFeed } from './change-feed.ts';

/** A modal that is open for a person. */
export type OpenView = {
  readonly id: string;
  readonly userId: string;
  readonly view: ModalView;
  readonly hash: string;
};

export class ViewStore {
  readonly #views = new Map<string, OpenView>();
  readonly #feed: ChangeFeed;
  #changes = 0;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  open(userId: string, view: ModalView): OpenView {
    return this.#put(`V0${String(this.#views.size + 1).padStart(6, '0')}`, userId, view);
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
    this.#changes += 1;
    const open = { id, userId, view, hash: `${Math.floor(Date.now() / 1000)}.hash${this.#changes}` };
    this.#views.set(id, open);
    this.#feed.notify();
    return open;
  }
}
