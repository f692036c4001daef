import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { WorkspaceLinks } from '../../../src/slack/people/workspace-links.ts';
import { startSlack } from '../start-slack.ts';

const IN_CHANNEL = { channel: ChannelId.parse('C0OPS'), ts: '1700000000.000100', threadTs: null };

test('the link to a message names the workspace, the channel, the message and its thread', async (context) => {
  const slack = await startSlack(context);
  const log = createLog('silent');
  const { botToken } = slack.credentials;
  const links = new WorkspaceLinks(createSlackClients({ botToken, slackApiUrl: slack.apiUrl, log }).questions, log);
  slack.failNext('auth.test', 'internal_error');
  assert.equal(await links.linkTo(IN_CHANNEL), null);
  assert.equal(await links.linkTo(IN_CHANNEL), 'https://workshop.slack.com/archives/C0OPS/p1700000000000100');
  assert.equal(
    await links.linkTo({ ...IN_CHANNEL, threadTs: '1690000000.000200' }),
    'https://workshop.slack.com/archives/C0OPS/p1700000000000100?thread_ts=1690000000.000200&cid=C0OPS',
  );
  assert.equal(slack.calls('auth.test').length, 2);
});
