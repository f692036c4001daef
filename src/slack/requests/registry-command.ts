import type { PrivateAnswer } from '../../model/record/thread-message.ts';
import type { Log } from '../../workflow/ports.ts';
import type { Requests } from '../../workflow/requests.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';
import { replyPrivately } from './private-reply.ts';
import { parseRegistryCommand } from './registry-command-text.ts';
import type { SlashCommand } from './slash-command.ts';

/** The command as manifest.yml declares it. */
export const REGISTRY_COMMAND = '/registry';

type Needs = {
  readonly requests: Requests;
  readonly membership: ChannelMembership;
  readonly wordsOf: WordsOf;
  readonly log: Log;
};

/** Runs `/registry …`, after Slack has its acknowledgement. */
export async function runRegistryCommand(command: SlashCommand, needs: Needs): Promise<void> {
  const { requests, membership } = needs;
  const asked = parseRegistryCommand(command.text);
  if (asked.kind === 'usage') {
    const by = { team: command.team_id, user: command.user_id };
    const hosts = await requests.hostsToAsk({ by, channel: command.channel_id });
    await answerPrivately(command, { ...asked, hosts: [...hosts] }, needs);
    return;
  }
  const refusal = await placeRefusal(command, membership);
  if (refusal !== null) {
    await answerPrivately(command, refusal, needs);
    return;
  }
  const outcome = await requests.requestDiagnosis({
    hostText: asked.hostText,
    by: { team: command.team_id, user: command.user_id },
    channel: command.channel_id,
    requestKey: `slack:${command.team_id}:${command.trigger_id}`,
  });
  if (outcome.kind === 'answer') await answerPrivately(command, outcome.answer, needs);
}

/**
 * The answer if no incident can be opened in this place, otherwise null. If Slack can't tell whether the bot is in the
 * channel, the diagnosis starts anyway: the outbox delivers its messages later.
 */
async function placeRefusal(command: SlashCommand, membership: ChannelMembership): Promise<PrivateAnswer | null> {
  if (isDirect(command.channel_name)) return { kind: 'not-a-channel' };
  const found = await membership.of(command.channel_id);
  if (found === 'direct') return { kind: 'not-a-channel' };
  return found === 'not-member' ? { kind: 'not-in-channel' } : null;
}

/**
 * Whether the channel's name is that of direct messages. Those of a group can also be called `privategroup`, like a
 * private channel. Then only Slack can tell.
 */
function isDirect(channelName: string): boolean {
  return channelName === 'directmessage' || channelName.startsWith('mpdm-');
}

async function answerPrivately(command: SlashCommand, answer: PrivateAnswer, { wordsOf, log }: Needs): Promise<void> {
  const words = await wordsOf(command.user_id);
  const reply = { responseUrl: command.response_url, threadTs: null };
  await replyPrivately(reply, words.answers.privateAnswer(answer), words, log);
}
