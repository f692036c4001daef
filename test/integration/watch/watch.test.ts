import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, SOON_MS, says, startMainJob, until } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The bot notices on its own, speaks up once, and says when it is over. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const INCIDENTS = 'C0INCIDENTS';

describe('a monitored host', { skip }, () => {
  let job: MainJob;
  let incident: SlackMessage;
  let firstCard: SlackMessage;

  before(async () => {
    job = await startMainJob({ watchSeconds: 1, registry: { closed: [] } });
    await job.registry.waitUntilWell();
  });
  after(() => job?.end());

  test('a fault of a monitored host opens an incident in the incident channel, with diagnosis and plan', async () => {
    assert.deepEqual(job.slack.messages(INCIDENTS), []);
    job.registry.close('ops');
    job.registry.close('disk4t');
    const card = await job.slack.waitForMessage((message) => hasAction(message, 'approve_plan'), SOON_MS);
    assert.equal(card.channel, INCIDENTS);
    firstCard = card;
    [incident] = job.slack.messages(INCIDENTS) as [SlackMessage];
    assert.equal(card.threadTs, incident.ts);
  });

  test('status says what monitoring saw of a host, and names its incident', async () => {
    await job.slack.slashCommand({ user: 'U0ALICE', channel: INCIDENTS, text: 'status' });
    const isStatus = ({ text }: { readonly text: string }) => /^Status: git01: unhealthy at /.test(text);
    const { text } = await job.slack.waitForEphemeral('U0ALICE', isStatus, SOON_MS);
    assert.ok(text.includes(`/archives/${INCIDENTS}/p${incident.ts.replace('.', '')}`), text);
  });

  test('a fault of a monitored host stays one incident, even across a restart, and its message says when the fault is over', async () => {
    await job.bot().kill();
    await job.restart();
    const looksBefore = looks(job);
    await until(() => looks(job) >= looksBefore + 3, 'the bot did not look again');
    assert.equal(job.slack.messages(INCIDENTS).length, 1);
    job.registry.open('ops');
    job.registry.open('disk4t');
    const over = await job.slack.waitForMessage(
      ({ ts, text }) => ts === incident.ts && /healthy again.*Resolved/i.test(text),
      SOON_MS,
    );
    assert.equal(job.slack.messages(INCIDENTS).length, 1, over.text);
    await job.slack.waitForMessage(
      (message) => message.threadTs === incident.ts && says(message, 'Plan replaced'),
      SOON_MS,
    );
  });

  test('a fault of a monitored host that returns soon reopens its incident, with another plan in its thread', async () => {
    job.registry.close('ops');
    const card = await job.slack.waitForMessage(
      (message) => message.ts !== firstCard.ts && hasAction(message, 'approve_plan'),
      SOON_MS,
    );
    assert.equal(card.threadTs, incident.ts);
    const [reopened, ...others] = job.slack.messages(INCIDENTS);
    assert.deepEqual(others, []);
    assert.ok(reopened !== undefined && says(reopened, 'reopened by monitoring'), reopened?.text);
  });
});

const looks = (job: MainJob) => job.bot().log().split('checked a monitored host').length;
