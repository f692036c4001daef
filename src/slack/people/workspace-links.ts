import type { WebClient } from '@slack/web-api';
import type { Log } from '../../workflow/ports/bot.ts';
import type { MessageLinks, MessagePlace } from '../../workflow/ports/messages.ts';
import { slackFailure } from '../connection/slack-failure.ts';

/** The addresses of messages in the bot's workspace, whose own address is asked once. */
export class WorkspaceLinks implements MessageLinks {
  readonly #client: WebClient;
  readonly #log: Log;
  #workspace: Promise<string | null> | null = null;

  constructor(client: WebClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  async linkTo({ channel, ts, threadTs }: MessagePlace): Promise<string | null> {
    const workspace = await this.#address();
    if (workspace === null) return null;
    const link = new URL(`archives/${channel}/p${ts.replace('.', '')}`, workspace);
    if (threadTs !== null) link.search = new URLSearchParams({ thread_ts: threadTs, cid: channel }).toString();
    return link.href;
  }

  /** An answer is kept; a failure is not. */
  async #address(): Promise<string | null> {
    this.#workspace ??= this.#ask();
    const address = await this.#workspace;
    if (address === null) this.#workspace = null;
    return address;
  }

  async #ask(): Promise<string | null> {
    try {
      const { url } = await this.#client.auth.test();
      return url !== undefined && URL.canParse(url) ? url : null;
    } catch (error) {
      this.#log.warn({ failure: slackFailure(error) }, 'the address of the workspace is not known');
      return null;
    }
  }
}
