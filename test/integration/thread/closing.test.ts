import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { ClosingNumbers } from '../../../src/model/record/closing-numbers.ts';
import { DEFAULT_SCOPES } from '../../../src/playground/slack/start-slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** How an incident ends that monitoring has seen: with its picture, its numbers and its record. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl', 'mount-namespaces', 'nsenter');
const Exported = z.object({ numbers: ClosingNumbers, diagnoses: z.array(z.object({ picture: z.string() })) });
const INCIDENTS = 'C0INCIDENTS';

describe('the end of an incident, where files can be posted', { skip }, () => {
  let job: MainJob;
  let card: SlackMessage;
  let ended: SlackMessage;

  before(async () => {
    const slack = { scopes: [...DEFAULT_SCOPES, 'files:write'] };
    job = await startMainJob({ slack, watchSeconds: 1, registry: { closed: [] }, signed: true });
    await job.registry.waitUntilWell();
    job.registry.close('ops');
    job.registry.close('disk4t');
    card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
  });
  after(() => job?.end());

  test('the thread has one picture of the path, after the verdict', async () => {
    await job.slack.waitUntil('the picture', () => job.slack.files().length === 1, SOON_MS);
    const [picture] = job.slack.files();
    assert.match(picture?.name ?? '', /^incident-1-diagnosis-\d+\.png$/);
    assert.equal(picture?.bytes?.subarray(1, 4).toString('latin1'), 'PNG');
    for (const { path } of job.registry.blockers) assert.ok(picture.altText?.includes(path), picture.altText ?? '');
    const thread = job.slack.thread(INCIDENTS, card.threadTs ?? '');
    const [verdict, post] = [
      thread.findIndex((message) => says(message, 'Path check: ')),
      thread.findIndex(({ files = [] }) => files.length > 0),
    ];
    assert.ok(verdict !== -1 && verdict < post, job.slack.transcript());
  });

  test('the channel message says how long the registry was down, and offers the record', async () => {
    await job.click('U0BOB', card, 'approve_plan');
    ended = await job.slack.waitForMessage(
      (message) => message.threadTs === null && hasAction(message, 'post_record'),
      SOON_MS,
    );
    assert.match(ended.text, /healthy again.*The registry was down for /);
    assert.ok(says(ended, 'Noticed '), job.slack.transcript());
    assert.ok(says(ended, ' after the first failed check; verdict '));
  });

  test('the record is in the thread after a click, and says the same as the export and is proven by the bot’s key', async () => {
    await job.click('U0ALICE', ended, 'post_record');
    await job.slack.waitUntil('the record', () => job.slack.files().length === 2, SOON_MS);
    const record = String(job.slack.files()[1]?.bytes);
    const { stdout } = await job.files.cli('audit', 'export', '1');
    // The count of messages in Slack goes on, in the text and beside the proof.
    const withoutDeliveries = (text: string) => text.replace(/\nIn Slack: .*\n|"messages":\[.*?\],"proof"/g, '').trim();
    assert.equal(withoutDeliveries(record), withoutDeliveries(stdout));
    assert.match(record, /\| \*\*Record exported\*\* \| `U0ALICE` \|/);
    assert.match(record, /The registry was down for .*: its first failed check was .*/);
    const json = Exported.parse(JSON.parse((await job.files.cli('audit', 'export', '1', '--json')).stdout));
    assert.ok((json.numbers.downMs ?? 0) > 0 && (json.numbers.noticedAfterMs ?? 0) > 0, JSON.stringify(json.numbers));
    assert.match(json.diagnoses[0]?.picture ?? '', /^<svg /);
    assert.equal((await job.files.cli('audit', 'verify')).status, 0);
    const file = join(job.files.directory, 'record.md');
    await writeFile(file, record);
    const proven = await job.files.cli('audit', 'verify', file);
    assert.match(proven.stdout, /^Incident 1 proven: \d+ entries under a signed checkpoint/m);
    assert.equal(proven.status, 0, proven.stdout + proven.stderr);
  });

  test('/registry record says that the record is in its thread already', async () => {
    await job.slack.slashCommand({ user: 'U0BOB', channel: INCIDENTS, text: 'record 1' });
    const isAnswer = ({ text }: { readonly text: string }) =>
      /record of incident 1 is already in its thread/.test(text);
    await job.slack.waitForEphemeral('U0BOB', isAnswer, SOON_MS);
    assert.equal(job.slack.files().length, 2);
  });
});
