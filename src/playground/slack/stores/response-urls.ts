import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Flag } from '../api/arguments.ts';
import { contentArguments, readContent } from '../api/read-content.ts';
import type { StandInState } from '../state.ts';
import type { MessageContent } from './message-store.ts';

const MAX_USES = 5;
const LIFE_MS = 30 * 60 * 1000;

/** Where an answer through a response_url goes. */
export type ResponseTarget = {
  readonly user: string;
  readonly channel: string;
  readonly threadTs: string | null;
  /** The message that was clicked on; null for a slash command. */
  readonly messageTs: string | null;
};

type AnswerTarget = ResponseTarget & { readonly responseUrl: string };

type Issued = { readonly target: ResponseTarget; readonly expiresAt: number; uses: number };

const Body = z.object({
  ...contentArguments,
  response_type: z.enum(['ephemeral', 'in_channel']).default('ephemeral'),
  replace_original: Flag.optional(),
  delete_original: Flag.optional(),
  thread_ts: z.string().nullish(),
});
type Body = z.output<typeof Body>;

/** The HTTP answer to a request to a response_url. */
export type ResponseUrlAnswer = { readonly status: number; readonly body: string };

/** The response_urls that come with commands and clicks. Each takes five answers within thirty minutes. */
export class ResponseUrls {
  readonly #issued = new Map<string, Issued>();
  readonly #baseUrl: () => string;
  readonly #lifeMs: number;

  constructor(baseUrl: () => string, lifeMs = LIFE_MS) {
    this.#baseUrl = baseUrl;
    this.#lifeMs = lifeMs;
  }

  issue(target: ResponseTarget): string {
    const id = randomBytes(12).toString('hex');
    this.#issued.set(id, { target, expiresAt: Date.now() + this.#lifeMs, uses: 0 });
    return this.#url(id);
  }

  /** Carries out an answer to a response_url. `payload` is the decoded JSON body. */
  use(id: string, payload: unknown, state: StandInState): ResponseUrlAnswer {
    const issued = this.#issued.get(id);
    if (issued === undefined || Date.now() > issued.expiresAt) return failed(404, 'expired_url');
    if (issued.uses >= MAX_USES) return failed(404, 'used_url');
    const parsed = Body.safeParse(payload);
    if (!parsed.success) return failed(400, 'invalid_payload');
    const read = readContent(parsed.data);
    if (read.kind === 'refused') return failed(400, read.answer.error);
    const { text = '', blocks = [], metadata = null } = read.content;
    const isEmpty = text === '' && blocks.length === 0;
    if (isEmpty && parsed.data.delete_original !== true) return failed(500, 'no_text');
    issued.uses += 1;
    deliver({ ...issued.target, responseUrl: this.#url(id) }, parsed.data, { text, blocks, metadata }, state);
    return { status: 200, body: 'ok' };
  }

  #url(id: string): string {
    return `${this.#baseUrl()}/response/${id}`;
  }
}

function failed(status: number, error: string): ResponseUrlAnswer {
  return { status, body: JSON.stringify({ ok: false, error }) };
}

/**
 * For a click, an answer without `replace_original: false` replaces the clicked message, even if it was meant for one
 * person. Of the possible readings of Slack's documentation this one does the most harm.
 */
function deliver(target: AnswerTarget, body: Body, content: MessageContent, state: StandInState): void {
  const original = target.messageTs === null ? undefined : state.messages.find(target.channel, target.messageTs);
  if (original === undefined) postAnswer(target, body, content, state);
  else if (body.delete_original === true) state.messages.delete(original);
  else if (body.replace_original !== false) state.messages.edit(original, content);
  else postAnswer(target, body, content, state);
}

function postAnswer(target: AnswerTarget, body: Body, content: MessageContent, state: StandInState): void {
  const threadTs = body.thread_ts ?? target.threadTs;
  const { user, channel, responseUrl } = target;
  if (body.response_type === 'in_channel') {
    const bot = state.workspace.app.botUserId;
    state.messages.post({ channel, threadTs: body.thread_ts ?? null, user: bot, isBroadcast: false, ...content });
    return;
  }
  const via = 'response_url';
  state.ephemerals.add({ ts: state.messages.nextTs(), user, channel, threadTs, via, responseUrl, ...content });
}
