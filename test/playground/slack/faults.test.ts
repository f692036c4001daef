import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { SILENT } from './silent-logger.ts';

const POST = { channel: 'C0OPS', text: 'x' };

let slack: SlackStandIn;

beforeEach(async () => {
  slack = await startSlackStandIn();
});

afterEach(() => slack.close());

function client(options: WebClientOptions = {}): WebClient {
  const defaults = { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, logger: SILENT };
  return new WebClient(slack.credentials.botToken, { ...defaults, ...options });
}

test('the stand-in Slack answers a rate-limited call with 429 and Retry-After, as often as configured', async () => {
  slack.rateLimit('chat.postMessage', 7, 2);
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(client({ rejectRateLimitedCalls: true }).chat.postMessage(POST), { retryAfter: 7 });
  }
  assert.equal((await client().chat.postMessage(POST)).ok, true);
  assert.deepEqual(
    slack.calls('chat.postMessage').map(({ status }) => status),
    [429, 429, 200],
  );
  assert.equal(slack.messages('C0OPS').length, 1);
});

test('the stand-in Slack enforces a configured post rate per channel', async () => {
  const strict = await startSlackStandIn({ rates: { posts: { burst: 1, everyMs: 1_000 } } });
  try {
    const web = new WebClient(strict.credentials.botToken, {
      slackApiUrl: strict.apiUrl,
      rejectRateLimitedCalls: true,
      logger: SILENT,
    });
    await web.chat.postMessage(POST);
    await assert.rejects(web.chat.postMessage(POST), { retryAfter: 1 });
    await web.chat.postMessage({ ...POST, channel: 'C0INCIDENTS' });
  } finally {
    await strict.close();
  }
});

test('the stand-in Slack can drop the answer to a post, so that the bot can’t know that its message was posted', async () => {
  slack.dropNextResponse('chat.postMessage');
  await assert.rejects(client().chat.postMessage(POST), { code: 'slack_webapi_request_error' });
  assert.equal(slack.messages('C0OPS').length, 1);
  await client().chat.postMessage(POST);
  assert.equal(slack.messages('C0OPS').length, 2);
});

test('the stand-in Slack can be told to refuse the next call of a method', async () => {
  slack.failNext('chat.postMessage', 'restricted_action');
  await assert.rejects(client().chat.postMessage(POST), /An API error occurred: restricted_action/);
  assert.equal((await client().chat.postMessage(POST)).ok, true);
});

const OUTAGES = [
  ['refused', { code: 'slack_webapi_request_error' }],
  ['hang', { code: 'slack_webapi_request_error' }],
  ['http-500', { code: 'slack_webapi_http_error', statusCode: 500 }],
  ['http-503', { code: 'slack_webapi_http_error', statusCode: 503 }],
  ['internal_error', { code: 'slack_webapi_platform_error' }],
  ['fatal_error', { code: 'slack_webapi_platform_error' }],
  ['service_unavailable', { code: 'slack_webapi_platform_error' }],
] as const;

for (const [kind, error] of OUTAGES) {
  test(`the stand-in Slack can simulate an outage of kind "${kind}" and then works again at the same address`, async () => {
    await client().auth.test();
    await slack.outage(kind);
    await assert.rejects(client({ timeout: 500 }).chat.postMessage(POST), error);
    await slack.outage(null);
    assert.equal((await client().chat.postMessage(POST)).ok, true);
    assert.equal(slack.messages('C0OPS').length, 1);
  });
}

test('the stand-in Slack delays its answers as long as configured', async () => {
  slack.setLatency(200);
  const startedAt = performance.now();
  await client().auth.test();
  assert.ok(performance.now() - startedAt >= 195);
});

test('the stand-in Slack can archive a channel and remove the bot from a channel while it runs', async () => {
  slack.changeChannel('C0OPS', { members: ['U0ALICE'] });
  await assert.rejects(client().chat.postMessage(POST), /An API error occurred: not_in_channel/);
  slack.changeChannel('C0INCIDENTS', { isArchived: true });
  await assert.rejects(
    client().chat.postMessage({ ...POST, channel: 'C0INCIDENTS' }),
    /An API error occurred: is_archived/,
  );
});
