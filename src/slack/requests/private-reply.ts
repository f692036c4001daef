import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../model/message-of.ts';
import type { Words } from '../../words/index.ts';
import type { Phrase } from '../../words/phrase.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Card } from '../cards/parts/card.ts';
import { privateCard } from '../cards/private/private-card.ts';

const TIMEOUT_MS = 5_000;
/** A response_url can be used five times. Together they are as long as a stop waits for answers. */
const PAUSES_BEFORE_RETRY_MS = [500, 3_000, 6_000];

/** Where the answer to one request goes. */
export type ReplyAddress = {
  readonly responseUrl: string;
  /** The thread in which a button was clicked. */
  readonly threadTs: string | null;
};

/**
 * Answers only this person, through the response_url of their request. Resolves to whether it arrived. Never rejects.
 */
export function replyPrivately(
  to: ReplyAddress,
  paragraphs: readonly Phrase[],
  words: Words,
  log: Log,
): Promise<boolean> {
  return replyWithCard(to, privateCard(paragraphs, words), log);
}

/** The same with a card. */
export async function replyWithCard(to: ReplyAddress, card: Card, log: Log): Promise<boolean> {
  const body = JSON.stringify({
    response_type: 'ephemeral',
    replace_original: false,
    ...card,
    ...(to.threadTs === null ? {} : { thread_ts: to.threadTs }),
  });
  for (const pauseMs of [...PAUSES_BEFORE_RETRY_MS, null]) {
    const problem = await send(to.responseUrl, body);
    if (problem === null) return true;
    log.warn({ problem, lastTry: pauseMs === null }, 'a private answer did not reach Slack');
    if (pauseMs === null || isFinal(problem)) break;
    await sleep(pauseMs);
  }
  return false;
}

type Problem = { readonly status: number } | { readonly error: string };

/** Whether Slack will refuse the answer every time. */
function isFinal(problem: Problem): boolean {
  return 'status' in problem && problem.status < 500 && problem.status !== 429;
}

/** Sends the answer. Null: Slack accepted it. */
async function send(url: string, body: string): Promise<Problem | null> {
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal });
    await response.body?.cancel();
    if (response.ok) return null;
    return { status: response.status };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
