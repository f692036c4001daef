import type { ChannelRefusal } from '../../model/record/messages/notices.ts';
import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';

/** Codes with which Slack refuses whatever is posted or edited in a channel, until a person changes something there. */
const CODES: ReadonlyMap<string, ChannelRefusal> = new Map([
  ['is_archived', 'archived'],
  // An edit in a channel that is archived.
  ['is_inactive', 'archived'],
  // A channel that was deleted, or a private one that the bot is not in.
  ['channel_not_found', 'no-access'],
  ['not_in_channel', 'no-access'],
  ['restricted_action', 'restricted'],
  ['restricted_action_read_only_channel', 'restricted'],
]);

/** Why the whole channel refuses. Null: only the message was refused, or Slack did not answer. */
export function channelRefusal(failure: SlackFailure): ChannelRefusal | null {
  return failure.kind === 'refused' ? (CODES.get(failure.code) ?? null) : null;
}
