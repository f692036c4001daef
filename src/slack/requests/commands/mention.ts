import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { ChannelId, TeamId, UserId } from '../../../model/record/ids.ts';
import type { Log } from '../../../workflow/ports/bot.ts';
import type { Person } from '../../../workflow/requests.ts';
import type { Card } from '../../cards/parts/card.ts';
import { slackFailure } from '../../connection/slack-failure.ts';
import { typedText } from '../forms/typed-text.ts';
import { requestKeyOf } from '../request-key.ts';
import type { TypedCommand } from './registry-command.ts';

/** A mention of the bot as Slack sends it, with the envelope of the event. Fields that are not read here are ignored. */
export const Mention = z.object({
  /** The workspace in which the app is installed. */
  team_id: TeamId,
  /** The same for each attempt of Slack to deliver the event. */
  event_id: z.string().min(1).max(255),
  /** Whose event it is: the bot's own account. */
  authorizations: z
    .array(z.object({ user_id: UserId }))
    .max(100)
    .catch([]),
  event: z.object({
    user: UserId,
    /** The person's own workspace, in a shared channel. */
    user_team: TeamId.optional(),
    team: TeamId.optional(),
    /** Another bot wrote it. */
    bot_id: z.string().max(255).optional(),
    text: z.string().max(40_000),
    channel: ChannelId,
    thread_ts: z.string().max(64).optional(),
  }),
});
export type Mention = z.infer<typeof Mention>;

/** The command in a mention. Its answers are posted in its channel or thread, for the person alone to see. */
export function mentionedCommand(mention: Mention, client: WebClient, log: Log): TypedCommand {
  const { event, event_id: eventId } = mention;
  const by = mentionedBy(mention);
  return {
    text: textAfterMention(mention),
    by,
    channel: event.channel,
    isDirect: event.channel.startsWith('D'),
    requestKey: requestKeyOf(mention.team_id, eventId),
    isInThread: event.thread_ts !== undefined,
    form: null,
    answer: (card) => postPrivately(mention, card, client, log),
  };
}

/** Answers the person in the channel or thread of the mention. Never rejects; nothing is left to report to. */
export async function postPrivately({ event }: Mention, card: Card, client: WebClient, log: Log): Promise<void> {
  const { channel, user, thread_ts } = event;
  try {
    await client.chat.postEphemeral({ channel, user, ...(thread_ts && { thread_ts }), ...card });
  } catch (error) {
    log.warn({ failure: slackFailure(error) }, 'the answer to a mention did not reach Slack');
  }
}

function mentionedBy({ team_id, event }: Mention): Person {
  return { team: event.user_team ?? event.team ?? team_id, user: event.user };
}

const ANY_MENTION = /<@[UW][A-Z0-9]{1,30}(?:\|[^<>]{0,255})?>/g;

/** The rest of the line after the mention of the bot. */
function textAfterMention({ event: { text }, authorizations: [own] }: Mention): string {
  const mentions = [...text.matchAll(ANY_MENTION)];
  const ofBot = mentions.find(([mention]) => own !== undefined && mention.startsWith(`<@${own.user_id}`));
  const [mention = ''] = ofBot ?? mentions[0] ?? [];
  const [line = ''] = text
    .slice(text.indexOf(mention) + mention.length)
    .trimStart()
    .split('\n');
  return typedText(line);
}
