import timers from 'node:timers/promises';
import { messageOf } from '../../model/message-of.ts';
import type { Words } from '../../words/index.ts';
import type { Phrase } from '../../words/phrase.ts';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Card } from '../cards/parts/card.ts';
import { privateCard } from '../cards/private/private-card.ts';

const TIMEOUT_MS = 5_000;
/** Together more than four minutes: the answer may be all that a person ever hears of their request. */
const PAUSES_BEFORE_RETRY_MS = [500, 3_000, 6_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000];
/** A response_url can be used five times. */
const MOST_REFUSALS = 4;

/** How an answer is tried again while Slack is away. */
export type Replying = {
  readonly log: Log;
  /** The bot ends: an answer that waits is tried once more, at once. */
  readonly stopping: AbortSignal;
};

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
  replying: Replying,
): Promise<boolean> {
  return replyWithCard(to, privateCard(paragraphs, words), replying);
}

/** The same with a card. */
export async function replyWithCard(to: ReplyAddress, card: Card, { log, stopping }: Replying): Promise<boolean> {
  const body = JSON.stringify({
    response_type: 'ephemeral',
    replace_original: false,
    ...card,
    ...(to.threadTs === null ? {} : { thread_ts: to.threadTs }),
  });
  let refusals = 0;
  for (const pauseMs of [...PAUSES_BEFORE_RETRY_MS, null]) {
    const isStopping = stopping.aborted;
    const problem = await send(to.responseUrl, body);
    if (problem === null) return true;
    if ('status' in problem) refusals += 1;
    const lastTry = pauseMs === null || isStopping || refusals === MOST_REFUSALS || isFinal(problem);
    log.warn({ problem, lastTry }, 'a private answer did not reach Slack');
    if (lastTry) break;
    await pause(pauseMs, stopping);
  }
  return false;
}

/** Resolves when the time is over or the bot ends. */
function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return timers.setTimeout(ms, undefined, { signal: stopping }).catch(() => {});
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
