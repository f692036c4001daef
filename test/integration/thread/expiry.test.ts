import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** A plan that runs out of time while the bot is away: one of two approvals is there, and no one clicks. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const TTL_MINUTES = 15;

describe('a plan that expires during a restart', { skip }, () => {
  let job: MainJob;
  let card: SlackMessage;
  let open: number;

  before(async () => {
    const approvers = { users: ['U0BOB', 'U0CAROL'] };
    job = await startMainJob({ policy: { approvers, approvalsNeeded: { low: 2 }, approvalTtlMinutes: TTL_MINUTES } });
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  test('before its expiry, a plan with one of two approvals can still be approved', async () => {
    const proposed = await job.askForPlan();
    await job.click('U0BOB', proposed, 'approve_plan');
    const isEndorsed = (message: SlackMessage) => message.ts === proposed.ts && says(message, '1 of 2 approvals: @bob');
    card = await job.slack.waitForMessage(isEndorsed, SOON_MS);
    assert.ok(hasAction(card, 'approve_plan') && hasAction(card, 'reject_plan'));
    open = card.versions.length - 1;
    assert.deepEqual(job.modes(), ['750', '700']);
  });

  test('after a restart, the card of an expired plan is updated on its own: it says "Expired" and loses its buttons', async () => {
    await job.bot().kill();
    await job.restart({ aheadMs: (TTL_MINUTES + 1) * 60_000 });
    const isOver = (message: SlackMessage) => message.ts === card.ts && !hasAction(message, 'approve_plan');
    const expired = await job.slack.waitForMessage(isOver, SOON_MS);
    assert.ok(says(expired, 'Expired: its time was up before it ran. Nothing was changed.'));
    assert.ok(says(expired, 'It had 1 of 2 approvals: @bob.'));
    assert.ok(!hasAction(expired, 'reject_plan'));
  });

  test('the last approval, clicked on an outdated card, does not run an expired plan', async () => {
    const act = { user: 'U0CAROL', channel: OPS, ts: card.ts, actionId: 'approve_plan', version: open };
    await job.slack.click(act);
    await job.slack.waitForEphemeral('U0CAROL', ({ text }) => /has expired/.test(text), SOON_MS);
    assert.deepEqual(job.modes(), ['750', '700']);
    const verified = await job.files.cli('audit', 'verify');
    assert.equal(verified.status, 0, verified.stdout + verified.stderr);
  });
});
