import type { PrivateAnswer } from '../../model/record/thread-message.ts';
import type { Log } from '../../workflow/ports.ts';
import type { Requests } from '../../workflow/requests.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import type { WordsOf } from '../people/reader-words.ts';
import { replyPrivately } from './private-reply.ts';
import { parseRegistryCommand, type RegistryCommand } from './registry-command-text.ts';
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
  const answer = await carryOut(asked, command, requests);
  if (answer !== null) await answerPrivately(command, answer, needs);
}

/** Null: the channel shows the answer. */
async function carryOut(
  asked: Exclude<RegistryCommand, { kind: 'usage' }>,
  command: SlashCommand,
  requests: Requests,
): Promise<PrivateAnswer | null> {
  const person = { by: { team: command.team_id, user: command.user_id }, channel: command.channel_id };
  switch (asked.kind) {
    case 'mute':
      return requests.mute({ hostText: asked.hostText, lengthText: asked.lengthText, reason: asked.reason, ...person });
    case 'unmute':
      return requests.unmute({ hostText: asked.hostText, ...person });
    case 'diagnose': {
      const requestKey = `slack:${command.team_id}:${command.trigger_id}`;
      return (await requests.requestDiagnosis({ hostText: asked.hostText, ...person, requestKey })).answer;
    }
  }
}

/** Null: an incident can be opened here. An unknown membership is no refusal: the outbox delivers later what Slack can't show now. */
async function placeRefusal(command: SlashCommand, membership: ChannelMembership): Promise<PrivateAnswer | null> {
  if (isDirect(command.channel_name)) return { kind: 'not-a-channel' };
  const found = await membership.of(command.channel_id);
  if (found === 'direct') return { kind: 'not-a-channel' };
  return found === 'not-member' ? { kind: 'not-in-channel' } : null;
}

/** A group's direct messages can also be called `privategroup`, as a private channel is: only Slack can say then. */
function isDirect(channelName: string): boolean {
  return channelName === 'directmessage' || channelName.startsWith('mpdm-');
}

async function answerPrivately(command: SlashCommand, answer: PrivateAnswer, { wordsOf, log }: Needs): Promise<void> {
  const words = await wordsOf(command.user_id);
  const reply = { responseUrl: command.response_url, threadTs: null };
  await replyPrivately(reply, words.answers.privateAnswer(answer), words, log);
}
