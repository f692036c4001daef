import type { ChangeFeed } from './change-feed.ts';

/** A file of the workspace, from the request for an upload URL on. */
export type SlackFile = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  /** As it was announced. */
  readonly length: number;
  readonly altText: string | null;
  /** Null until they are uploaded. */
  readonly bytes: Buffer | null;
  readonly isCompleted: boolean;
};

/** The uploads of the workspace: announced, uploaded, completed. Only a completed one is a file that people see. */
export class FileStore {
  readonly #files = new Map<string, SlackFile>();
  readonly #feed: ChangeFeed;
  /** Null: files appear at once. */
  #held: (() => void)[] | null = null;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  announce(file: Pick<SlackFile, 'name' | 'length' | 'altText'>): SlackFile {
    const id = `F0FILE${String(this.#files.size + 1).padStart(4, '0')}`;
    return this.#put({ ...file, id, title: file.name, bytes: null, isCompleted: false });
  }

  /** False: there is no such upload, it has its bytes already, or they are not as many as was announced. */
  upload(id: string, bytes: Buffer): boolean {
    const file = this.#files.get(id);
    if (file === undefined || file.bytes !== null || file.length !== bytes.length) return false;
    this.#put({ ...file, bytes });
    return true;
  }

  complete(file: SlackFile, title: string | undefined): SlackFile {
    return this.#put({ ...file, title: title ?? file.title, isCompleted: true });
  }

  /** Shows a completed file in its channel or thread: now, or when files are no longer held. */
  share(show: () => void): void {
    if (this.#held === null) show();
    else this.#held.push(show);
  }

  hold(isHeld: boolean): void {
    const waiting = this.#held ?? [];
    this.#held = isHeld ? waiting : null;
    if (!isHeld) for (const show of waiting) show();
  }

  find(id: string): SlackFile | undefined {
    return this.#files.get(id);
  }

  /** All that were completed, in the order in which they were announced. */
  completed(): readonly SlackFile[] {
    return [...this.#files.values()].filter(({ isCompleted }) => isCompleted);
  }

  #put(file: SlackFile): SlackFile {
    this.#files.set(file.id, file);
    this.#feed.notify();
    return file;
  }
}
