import { privateAnswer } from '../../words/en/answers.ts';
import type { Log } from '../../workflow/ports.ts';
import type { Requests } from '../../workflow/requests.ts';
import type { ChannelMembership } from '../people/channel-membership.ts';
import { replyPrivately } from './private-reply.ts';
import { parseRegistryCommand } from './registry-command-text.ts';
import type { SlashCommand } from './slash-command.ts';

/** The command as manifest.yml declares it. */
export const REGISTRY_COMMAND = '/registry';

type Needs = { readonly requests: Requests; readonly membership: ChannelMembership; readonly log: Log };

/** Does what `/registry …` asks for; called after Slack has its acknowledgement. */
export async function runRegistryCommand(command: SlashCommand, { requests, membership, log }: Needs): Promise<void> {
  const reply = { responseUrl: command.response_url, threadTs: null };
  const asked = parseRegistryCommand(command.text);
  if (asked.kind === 'usage') {
    const by = { team: command.team_id, user: command.user_id };
    const hosts = await requests.hostsToAsk({ by, channel: command.channel_id });
    await replyPrivately(reply, privateAnswer({ ...asked, hosts: [...hosts] }), log);
    return;
  }
  // Unknown goes on: the incident is durable, and what Slack cannot show now the outbox delivers later.
  if ((await membership.of(command.channel_id)) === 'not-member') {
    await replyPrivately(reply, privateAnswer({ kind: 'not-in-channel' }), log);
    return;
  }
  const outcome = await requests.requestDiagnosis({
    hostText: asked.hostText,
    by: { team: command.team_id, user: command.user_id },
    channel: command.channel_id,
    requestKey: `slack:${command.team_id}:${command.trigger_id}`,
  });
  if (outcome.kind === 'answer') await replyPrivately(reply, privateAnswer(outcome.answer), log);
}
