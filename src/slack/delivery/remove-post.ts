import type { WebClient } from '@slack/web-api';
import { slackFailure } from '../connection/slack-failure.ts';

/** Removes a post of the bot's own. One that is gone already counts as removed. */
export async function removePost(client: WebClient, channel: string, ts: string): Promise<void> {
  try {
    await client.chat.delete({ channel, ts });
  } catch (error) {
    const failure = slackFailure(error);
    if (failure.kind !== 'refused' || failure.code !== 'message_not_found') throw error;
  }
}
