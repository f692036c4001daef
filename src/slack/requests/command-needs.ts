import type { WebClient } from '@slack/web-api';
import type { Requests } from '../../workflow/requests.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';
import type { Replying } from './private-reply.ts';

/** What a command, a form and a shortcut need to ask and to answer. */
export type CommandNeeds = Replying & {
  readonly requests: Requests;
  readonly membership: ChannelMembership;
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
};
