import { WebClient } from '@slack/web-api';
import type { SlackSecrets } from '../../config/environment.ts';
import type { ChannelId } from '../../model/record/ids.ts';
import { clientOptions } from '../../slack/connection/slack-clients.ts';
import { readThreads } from '../../slack/delivery/read-threads.ts';
import type { ShownMessage, SlackReading } from '../../workflow/ports/audit-trail.ts';
import { commandLog } from '../command-log.ts';

/** Reads what Slack shows of the record's messages, and of the bot's other posts in their channels. */
export function readSlackThreads(
  { botToken, apiUrl }: SlackSecrets,
  { before, incidentChannel }: { readonly before: readonly ShownMessage[]; readonly incidentChannel: ChannelId },
  process: NodeJS.Process,
): Promise<SlackReading> {
  const client = new WebClient(botToken, clientOptions(apiUrl, commandLog(process)));
  return readThreads(client, before, incidentChannel);
}
