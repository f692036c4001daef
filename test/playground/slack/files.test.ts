import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebAPIPlatformError, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_SCOPES, startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { SILENT } from './silent-logger.ts';

const CHANNEL = 'C0INCIDENTS';
const Announced = z.object({ upload_url: z.string(), file_id: z.string() });
const BYTES = Buffer.from('# Incident 142\n');

/** Slack's rules for files: docs.slack.dev/reference/methods/files.getUploadURLExternal and files.completeUploadExternal. */
describe('files in the stand-in', () => {
  let slack: SlackStandIn;
  let client: WebClient;

  before(async () => {
    slack = await startSlackStandIn({ scopes: [...DEFAULT_SCOPES, 'files:write'] });
    client = clientOf(slack);
  });
  after(() => slack.close());

  const announce = async (change: object = {}) => {
    const announced = { filename: 'a.md', length: BYTES.length, ...change };
    return Announced.parse(await client.apiCall('files.getUploadURLExternal', announced));
  };
  const upload = async ({ upload_url: url }: z.infer<typeof Announced>, bytes = BYTES) =>
    (await fetch(url, { method: 'POST', body: new Uint8Array(bytes) })).status;
  const complete = (id: string, change: object = {}) =>
    client.apiCall('files.completeUploadExternal', { files: [{ id, title: 'A' }], channel_id: CHANNEL, ...change });

  test('a file is announced, uploaded and completed, and then it is a reply with its name, title and text for screen readers', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'Thread' });
    const announced = await announce({ alt_txt: 'Words' });
    assert.equal(slack.files().length, 0, 'nothing is visible yet');
    assert.equal(await upload(announced), 200);
    assert.equal(slack.files().length, 0, 'nothing is visible yet');
    await complete(announced.file_id, { thread_ts: ts });
    const { messages = [] } = await client.conversations.replies({ channel: CHANNEL, ts });
    assert.partialDeepStrictEqual(messages[1]?.files, [
      { name: 'a.md', title: 'A', size: BYTES.length, alt_txt: 'Words' },
    ]);
    assert.deepEqual(slack.files()[0]?.bytes, BYTES);
    assert.match(slack.transcript(), /\[file: A \(a\.md\)\]/);
  });

  test('a held file was accepted and is nowhere to be seen, until it is no longer held', async () => {
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'Thread' });
    const announced = await announce();
    await upload(announced);
    slack.holdFiles(true);
    assert.equal((await complete(announced.file_id, { thread_ts: ts })).ok, true);
    assert.equal(slack.thread(CHANNEL, ts).length, 1);
    slack.holdFiles(false);
    assert.equal(slack.thread(CHANNEL, ts)[1]?.files?.length, 1);
  });

  for (const [what, change, code] of [
    ['of no length', { length: 0 }, 'missing_argument'],
    ['without a name', { filename: '' }, 'invalid_arguments'],
    ['that is too large', { length: 2 * 1024 ** 3 }, 'file_upload_size_restricted'],
    ['with a description of over 1,000 characters', { alt_txt: 'x'.repeat(1_001) }, 'alt_txt_too_large'],
  ] as const) {
    test(`a file ${what} is refused`, async () => assert.equal(await refusal(announce(change)), code));
  }

  test('a file is completed once, and only with its bytes', async () => {
    assert.equal(await refusal(complete('F0NOSUCH')), 'file_not_found');
    const announced = await announce();
    assert.equal(await refusal(complete(announced.file_id)), 'file_update_failed');
    assert.equal(await upload(announced, Buffer.from('other')), 400);
    assert.equal(await upload(announced), 200);
    assert.equal(await refusal(complete(announced.file_id, { channel_id: 'C0LOUNGE' })), 'not_in_channel');
    await complete(announced.file_id);
    assert.equal(await refusal(complete(announced.file_id)), 'file_update_failed');
  });

  test('the method that took a file in one step is gone', async () =>
    assert.equal(await refusal(client.apiCall('files.upload')), 'method_deprecated'));

  test('without its scope nothing is taken', async (context) => {
    const other = await startSlackStandIn();
    context.after(() => other.close());
    const call = clientOf(other).apiCall('files.getUploadURLExternal', { filename: 'a.md', length: 1 });
    assert.equal(await refusal(call), 'missing_scope');
  });
});

function clientOf(standIn: SlackStandIn): WebClient {
  const options = { slackApiUrl: standIn.apiUrl, retryConfig: { retries: 0 }, logger: SILENT };
  return new WebClient(standIn.credentials.botToken, options);
}

async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'taken';
  } catch (error) {
    assert.ok(error instanceof WebAPIPlatformError);
    return error.data.error;
  }
}
