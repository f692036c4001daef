import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, says, startMainJob } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The right people are called: on call when it opens, approvers by the plan, those behind them when no one decides. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const INCIDENTS = 'C0INCIDENTS';
const MINUTE_MS = 60_000;

/** The text and blocks of a message as it was posted: what Slack notifies people of. */
const posted = ({ versions }: SlackMessage) => JSON.stringify(versions[0]);
const mentionsGroup = (message: SlackMessage) => posted(message).includes('"usergroup_id":"S0APPROVERS"');

describe('a watched host with people on call', { skip }, () => {
  let job: MainJob;
  let incident: SlackMessage;

  before(async () => {
    job = await startMainJob({
      watchSeconds: 1,
      registry: { closed: [] },
      policy: {
        approvers: { users: ['U0BOB'] },
        onCall: { groups: ['S0APPROVERS'] },
        escalateTo: { users: ['U0CAROL'] },
        broadcastPlans: true,
      },
    });
    await job.registry.waitUntilWell();
  });
  after(() => job?.end());

  const callsIn = () =>
    job.slack
      .thread(INCIDENTS, incident.ts)
      .flatMap(({ text }) => /^(Reminder for|Escalation to) (<@\w+>): /.exec(text)?.slice(1).join(' ') ?? []);

  test('the incident mentions who is on call when it opens, and its plan mentions who can approve it', async () => {
    job.registry.close('ops');
    job.registry.close('disk4t');
    const card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    [incident] = job.slack.messages(INCIDENTS) as [SlackMessage];
    assert.ok(mentionsGroup(incident), posted(incident));
    assert.match(posted(card), /"user_id":"U0BOB"/);
    assert.equal(card.isBroadcast, true, 'the plan is shown in the channel as well');
    assert.ok(!hasAction(card, 'withdraw_plan'), 'no person requested it');
  });

  test('a plan that waits calls its approvers and those behind them once, over restarts', async () => {
    for (const aheadMinutes of [12, 13]) {
      await job.bot().kill();
      await job.restart({ aheadMs: aheadMinutes * MINUTE_MS });
      await job.slack.waitForMessage((message) => says(message, 'Escalation to @carol:'), SOON_MS);
    }
    assert.deepEqual(callsIn(), ['Reminder for <@U0BOB>', 'Escalation to <@U0CAROL>']);
  });

  test('who acknowledges an incident is named in its message, until someone else takes over', async () => {
    const isCurrent = (name: string) => (message: SlackMessage) =>
      message.ts === incident.ts && says(message, `@${name} is on it since`);
    await job.click('U0BOB', incident, 'acknowledge');
    await job.slack.waitForMessage(isCurrent('bob'), SOON_MS);
    await job.click('U0CAROL', incident, 'acknowledge');
    await job.slack.waitForMessage(isCurrent('carol'), SOON_MS);
  });

  test('once the registry is healthy no one is on it any more, and its calls mention no one', async () => {
    job.registry.open('ops');
    job.registry.open('disk4t');
    const over = await job.slack.waitForMessage(
      (message) => message.ts === incident.ts && says(message, 'healthy again'),
      SOON_MS,
    );
    assert.ok(!hasAction(over, 'acknowledge') && !says(over, 'is on it'));
    await job.slack.waitForMessage((message) => says(message, 'Escalation: plan 1-1 for git01 was waiting'), SOON_MS);
    assert.deepEqual(callsIn(), []);
  });
});

describe('a plan that its requester does not want any more', { skip }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob();
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  test('a withdrawn plan says by whom, and never runs', async () => {
    const card = await job.askForPlan();
    const version = card.versions.length - 1;
    await job.click('U0BOB', card, 'withdraw_plan');
    await job.slack.waitForEphemeral('U0BOB', ({ text }) => /only be withdrawn by its requester/.test(text), SOON_MS);
    await job.click('U0ALICE', card, 'withdraw_plan');
    const isOver = (message: SlackMessage) => message.ts === card.ts && !hasAction(message, 'approve_plan');
    const over = await job.slack.waitForMessage(isOver, SOON_MS);
    assert.ok(says(over, 'Withdrawn by @alice at '));
    await job.slack.click({ user: 'U0BOB', channel: OPS, ts: card.ts, actionId: 'approve_plan', version });
    await job.slack.waitForEphemeral('U0BOB', ({ text }) => /was withdrawn by its requester/.test(text), SOON_MS);
    assert.deepEqual(job.modes(), ['750', '700']);
  });

  test('an undo can be withdrawn by its requester, and the fix stays', async () => {
    await job.click('U0BOB', await job.askForPlan(), 'approve_plan');
    const well = await job.slack.waitForMessage((message) => hasAction(message, 'undo_plan'), SOON_MS);
    await job.click('U0ALICE', well, 'undo_plan');
    const isUndo = (message: SlackMessage) => says(message, 'undo plan') && hasAction(message, 'approve_plan');
    const undo = await job.slack.waitForMessage(isUndo, SOON_MS);
    await job.click('U0ALICE', undo, 'withdraw_plan');
    const isOver = (message: SlackMessage) => message.ts === undo.ts && says(message, 'Withdrawn by @alice');
    await job.slack.waitForMessage(isOver, SOON_MS);
    assert.deepEqual(job.modes(), ['751', '701']);
  });

  test('the record of withdrawn plans is intact', async () => {
    const { status, stdout } = await job.files.cli('audit', 'verify');
    assert.equal(status, 0, stdout);
    const exported = await job.files.cli('audit', 'export', '1');
    assert.match(exported.stdout, /was withdrawn by its requester/);
  });
});
