import type { WebClient } from '@slack/web-api';
import type { Log } from '../../workflow/ports/bot.ts';
import type { Requests } from '../../workflow/requests.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';

/** What a command, a form and a shortcut need to ask and to answer. */
export type CommandNeeds = {
  readonly requests: Requests;
  readonly membership: ChannelMembership;
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
  readonly log: Log;
};
