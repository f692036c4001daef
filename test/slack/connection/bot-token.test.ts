import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { createLog } from '../../../src/log.ts';
import { BotToken } from '../../../src/slack/connection/bot-token.ts';
import { clientOptions } from '../../../src/slack/connection/slack-clients.ts';
import { until } from '../../support/bots/main-job.ts';
import { startSlack } from '../start-slack.ts';

const PACE = { retryMs: 20, everyMs: 20 };

/** A token that Slack could not check at first. */
async function uncheckedToken(context: TestContext, pace = PACE) {
  const slack = await startSlack(context);
  slack.failNext('auth.test', 'internal_error');
  const logged: string[] = [];
  const log = createLog('error', { destination: { write: (line: string) => void logged.push(line) } });
  const client = new WebClient(slack.credentials.botToken, clientOptions(slack.apiUrl, log));
  const token = new BotToken(client, log, pace);
  context.after(() => token.stop());
  await token.check();
  const asked = (times: number) =>
    until(() => slack.calls('auth.test').length >= times, `Slack was not asked ${times} times`);
  return { slack, token, logged, asked };
}

test('the bot checks its Slack token again until Slack accepts it, if Slack could not check it at the start', async (context) => {
  const { slack, token } = await uncheckedToken(context, { ...PACE, everyMs: 60_000 });
  assert.notEqual(token.trouble, null);
  await token.accepted;
  assert.deepEqual([token.trouble, slack.calls('auth.test').length], [null, 2]);
});

test('a token that Slack accepted and then revokes is noticed, logged once, and asked about again', async (context) => {
  const { slack, token, logged, asked } = await uncheckedToken(context);
  await token.accepted;
  const before = slack.calls('auth.test').length;
  for (let times = 0; times < 200; times += 1) slack.failNext('auth.test', 'token_revoked');
  await asked(before + 4);
  assert.deepEqual(token.trouble, { kind: 'token-refused', token: 'bot', code: 'token_revoked' });
  assert.equal(logged.filter((line) => line.includes('Slack rejected the bot token')).length, 1);
});

test('a Slack that goes away after it accepted the token is noticed, and noticed again when it is back', async (context) => {
  const { slack, token } = await uncheckedToken(context);
  await token.accepted;
  await slack.outage('refused');
  await until(() => token.trouble !== null, 'the outage was not noticed');
  await slack.outage(null);
  await until(() => token.trouble === null, 'the end of the outage was not noticed');
});
