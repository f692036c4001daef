import type { Words } from '../words/index.ts';
import { namesIn } from './slack/render/names.ts';
import { renderText } from './slack/render-text.ts';
import type { SlackStandIn } from './slack/slack-stand-in.ts';
import type { SlackMessage } from './slack/stores/message-store.ts';

/** Fits a path in a table, and is not wider than people like to read. */
const WIDTH = { least: 80, most: 140, unknown: 120 } as const;

const INDENT = '  │ ';

/** Prints the messages of the stand-in Slack in order, and a message again when it is edited. */
export class ThreadPrinter {
  readonly #slack: SlackStandIn;
  readonly #channel: string;
  readonly #say: (text: string) => void;
  readonly #words: Words['playground'];
  readonly #width: number;
  /** How many versions of each message were printed, by its `ts`. */
  readonly #printed = new Map<string, number>();

  /** `columns`: the terminal's width, if there is a terminal. */
  constructor(
    slack: SlackStandIn,
    channel: string,
    { say, words }: { readonly say: (text: string) => void; readonly words: Words },
    columns: number | undefined,
  ) {
    this.#words = words.playground;
    this.#slack = slack;
    this.#channel = channel;
    this.#say = say;
    const wanted = (columns ?? WIDTH.unknown) - INDENT.length;
    this.#width = Math.min(Math.max(wanted, WIDTH.least), WIDTH.most);
  }

  /**
   * Prints all news until a message fits, and resolves with that message. Rejects, with the transcript, after the
   * limit.
   */
  async until(fits: (message: SlackMessage) => boolean, what: string, limitMs: number): Promise<SlackMessage> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      this.#printNews();
      const found = this.#shown().find(fits);
      if (found) return found;
      try {
        await this.#slack.waitForMessage((message) => this.#isNews(message), Math.max(0, deadline - Date.now()));
      } catch (cause) {
        throw new Error(this.#words.waitedTooLong(what), { cause });
      }
    }
  }

  #printNews(): void {
    for (const message of this.#shown()) {
      if (!this.#isNews(message)) continue;
      const isEdit = this.#printed.has(message.ts);
      this.#printed.set(message.ts, message.versions.length);
      const mark = message.threadTs === null ? this.#words.postedMark(this.#channelName()) : this.#words.threadMark();
      const body = renderText(message, { width: this.#width, names: namesIn(this.#slack.workspace) });
      this.#say(`\n${mark}${isEdit ? this.#words.editedMark() : ''}\n${indented(body)}`);
    }
  }

  #isNews(message: SlackMessage): boolean {
    return message.channel === this.#channel && (this.#printed.get(message.ts) ?? 0) < message.versions.length;
  }

  #shown(): SlackMessage[] {
    return this.#slack.messages(this.#channel).flatMap((message) => this.#slack.thread(this.#channel, message.ts));
  }

  #channelName(): string {
    return this.#slack.workspace.channels.find(({ id }) => id === this.#channel)?.name ?? this.#channel;
  }
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `${INDENT}${line}`)
    .join('\n');
}
