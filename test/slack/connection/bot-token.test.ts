import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebClient } from '@slack/web-api';
import { createLog } from '../../../src/log.ts';
import { BotToken } from '../../../src/slack/connection/bot-token.ts';
import { clientOptions } from '../../../src/slack/connection/slack-clients.ts';
import { startSlack } from '../start-slack.ts';

const RETRY_DELAY_MS = 20;

/** A token that Slack could not check at first. */
async function uncheckedToken(context: TestContext) {
  const slack = await startSlack(context);
  slack.failNext('auth.test', 'internal_error');
  const logged = new EventTarget();
  const log = createLog('error', { destination: { write: () => void logged.dispatchEvent(new Event('line')) } });
  const token = new BotToken(
    new WebClient(slack.credentials.botToken, clientOptions(slack.apiUrl, log)),
    log,
    RETRY_DELAY_MS,
  );
  context.after(() => token.stop());
  await token.check();
  return { slack, token, logged };
}

test('the bot checks its Slack token again until Slack accepts it, if Slack could not check it at the start', async (context) => {
  const { slack, token } = await uncheckedToken(context);
  assert.notEqual(token.trouble, null);
  await token.accepted;
  assert.deepEqual([token.trouble, slack.calls('auth.test').length], [null, 2]);
});

test('the bot stops checking its Slack token once Slack refuses it', async (context) => {
  const { slack, token, logged } = await uncheckedToken(context);
  slack.failNext('auth.test', 'token_revoked');
  await once(logged, 'line');
  // Nothing announces a request that is not made, so the test waits for the time of ten.
  await sleep(10 * RETRY_DELAY_MS);
  assert.deepEqual(token.trouble, { kind: 'token-refused', token: 'bot', code: 'token_revoked' });
  assert.equal(slack.calls('auth.test').length, 2);
});
