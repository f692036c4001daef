import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** What was approved is what runs: decisions that come too late, or for another state of the host. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');

describe('a host that changed since the plan was made', { skip }, () => {
  let job: MainJob;
  let card: SlackMessage;

  before(async () => {
    job = await startMainJob();
    await job.registry.waitUntilUnwell();
    card = await job.askForPlan();
  });
  after(() => job?.end());

  test('a plan changes nothing on a host that has changed since, and the thread says what was found and offers a new diagnosis', async () => {
    chmodSync(job.registry.bytes('disk4t'), 0o710);
    await job.click('U0BOB', card, 'approve_plan');
    const stale = await job.slack.waitForMessage((message) => hasAction(message, 'diagnose_again'), SOON_MS);
    assert.ok(says(stale, '0710') && says(stale, '0700'), JSON.stringify(stale));
    assert.deepEqual(job.modes(), ['750', '710']);
  });

  test('a new diagnosis of a changed host continues in the same thread, with a plan for the host as it is now', async () => {
    const stale = await job.slack.waitForMessage((message) => hasAction(message, 'diagnose_again'), SOON_MS);
    await job.click('U0BOB', stale, 'diagnose_again');
    const second = await job.slack.waitForMessage(
      (message) => message.ts !== card.ts && hasAction(message, 'approve_plan'),
      SOON_MS,
    );
    assert.equal(second.threadTs, card.threadTs);
    assert.ok(says(second, '0711'));
    card = second;
  });

  test('the person who requested a new diagnosis can’t approve its plan', async () => {
    await job.click('U0BOB', card, 'approve_plan');
    await job.slack.waitForEphemeral('U0BOB', (word) => /someone else has to approve/i.test(word.text), SOON_MS);
    assert.deepEqual(job.modes(), ['750', '710']);
  });

  test('a newer diagnosis of a host replaces the open plan, and a click on the old plan’s card says so', async () => {
    await job.slack.slashCommand({ user: 'U0ALICE', channel: card.channel, text: 'diagnose git01' });
    await job.slack.waitForMessage((message) => message.ts === card.ts && !hasAction(message, 'approve_plan'), SOON_MS);
    const version = card.versions.length - 1;
    await job.slack.click({ user: 'U0ALICE', channel: card.channel, ts: card.ts, actionId: 'approve_plan', version });
    await job.slack.waitForEphemeral('U0ALICE', (word) => /was replaced/i.test(word.text), SOON_MS);
    assert.deepEqual(job.modes(), ['750', '710']);
  });

  test('a rejected plan can’t be approved later', async () => {
    const third = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    await job.clickAndType('U0BOB', third, 'reject_plan', 'The disk is replaced tonight.');
    const rejected = await job.slack.waitForMessage(
      (message) => message.ts === third.ts && !hasAction(message, 'approve_plan'),
      SOON_MS,
    );
    assert.ok(/rejected/i.test(JSON.stringify(rejected.blocks)));
    assert.ok(says(rejected, 'The disk is replaced tonight.'));
    const version = third.versions.length - 1;
    await job.slack.click({ user: 'U0BOB', channel: third.channel, ts: third.ts, actionId: 'approve_plan', version });
    await job.slack.waitForEphemeral('U0BOB', (word) => /reject/i.test(word.text), SOON_MS);
    assert.deepEqual(job.modes(), ['750', '710']);
  });
});
