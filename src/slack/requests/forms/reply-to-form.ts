import type { WebClient } from '@slack/web-api';
import type { Words } from '../../../words/index.ts';
import type { Phrase } from '../../../words/phrase.ts';
import { privateCard } from '../../cards/private/private-card.ts';
import { type Replying, replyPrivately } from '../private-reply.ts';
import type { FormSubmission } from './form-submission.ts';

/**
 * Answers the sender of a form where they clicked its button. A response_url is valid for half an hour, and a form can
 * be open for longer. Then the bot posts the answer itself. Never rejects; nothing is left to report to.
 */
export async function replyToForm(
  { user, view }: FormSubmission,
  paragraphs: readonly Phrase[],
  { client, words, ...replying }: Replying & { readonly client: WebClient; readonly words: Words },
): Promise<void> {
  const { channel, responseUrl, threadTs } = view.origin;
  if (await replyPrivately({ responseUrl, threadTs }, paragraphs, words, replying)) return;
  const place = { channel, user: user.id, ...(threadTs === null ? {} : { thread_ts: threadTs }) };
  try {
    await client.chat.postEphemeral({ ...place, ...privateCard(paragraphs, words) });
  } catch (error) {
    replying.log.warn({ err: error }, 'the answer to a form did not reach Slack');
  }
}
