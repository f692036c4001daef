import type { ApiAnswer } from '../api/answer.ts';
import type { RawArguments } from '../api/arguments.ts';
import type { ChangeFeed } from './change-feed.ts';

/** One call of the Web API with its answer, without its token. */
export type ApiCall = {
  readonly method: string;
  readonly arguments: RawArguments;
  readonly at: Date;
  readonly status: number;
  readonly answer: ApiAnswer;
};

export class CallLog {
  readonly #calls: ApiCall[] = [];
  readonly #feed: ChangeFeed;

  constructor(feed: ChangeFeed) {
    this.#feed = feed;
  }

  add(call: ApiCall): void {
    this.#calls.push(call);
    this.#feed.notify();
  }

  /** Oldest first, of one method if given. */
  of(method?: string): readonly ApiCall[] {
    return method === undefined ? [...this.#calls] : this.#calls.filter((call) => call.method === method);
  }
}
