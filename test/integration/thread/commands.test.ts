import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PreparedEvent } from '../../../src/playground/slack/delivery/prepared-request.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { HOST_INPUT } from '../../../src/slack/requests/diagnose/diagnose-form.ts';
import { SHORTCUTS } from '../../../src/slack/requests/diagnose/shortcut.ts';
import { hasAction, type MainJob, OPS, SOON_MS, startMainJob, until } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** The ways in beside `/registry diagnose HOST`, and what people are told who only look. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const INCIDENTS = 'C0INCIDENTS';

describe('mentions, forms and the home tab of the serving bot', { skip }, () => {
  let job: MainJob;
  let mention: PreparedEvent;
  let incident: SlackMessage;
  let card: SlackMessage;

  before(async () => {
    job = await startMainJob();
  });
  after(() => job?.end());

  const ask = async (text: string, words: RegExp) => {
    await job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text });
    return job.slack.waitForEphemeral('U0ALICE', (answer) => words.test(answer.text), SOON_MS);
  };
  const ofTheBot = (channel: string) => job.slack.messages(channel).filter(({ user }) => user === 'U0DOCTOR');
  const linkTo = ({ channel, ts }: SlackMessage) => `/archives/${channel}/p${ts.replace('.', '')}`;
  const home = (user: string) => JSON.stringify(job.slack.home(user)?.view.blocks ?? []);

  test('a mention in a thread opens an incident in its channel, and the answer is in the thread', async () => {
    const { ts } = job.slack.say({ user: 'U0ALICE', channel: OPS, text: 'pushes fail' });
    const text = '@registry-doctor diagnose git01';
    mention = job.slack.prepare.mention({ user: 'U0ALICE', channel: OPS, text, threadTs: ts });
    await mention.send();
    const answer = await job.slack.waitForEphemeral('U0ALICE', ({ threadTs }) => threadTs === ts, SOON_MS);
    assert.match(answer.text, /^I’m diagnosing git01 \(incident \d+\) and will post in <#C0OPS>\.$/);
    card = await job.slack.waitForMessage(
      (message) => message.channel === OPS && hasAction(message, 'approve_plan'),
      SOON_MS,
    );
    [incident] = ofTheBot(OPS) as [SlackMessage];
    assert.equal(card.threadTs, incident.ts);
    assert.match(JSON.stringify(incident.blocks), /U0ALICE/);
  });

  test('an event that comes again after a restart opens nothing new', async () => {
    await job.bot().kill();
    await job.restart();
    await mention.send({ retry: { number: 1, reason: 'connection_failed' } });
    await until(() => job.slack.ephemerals('U0ALICE').length === 2, 'the mention was not answered again');
    assert.equal(ofTheBot(OPS).length, 1);
  });

  test('status names the open incident and the waiting plan, each with the link to its message', async () => {
    const { text } = await ask('status', /^Status: git01: not monitored; /);
    assert.ok(text.includes(linkTo(incident)), text);
    assert.ok(text.includes(linkTo(card)), text);
    assert.match(text, /Plan \d+-1> for git01: waiting for approval/);
  });

  test('the plan waits in the home tab of an approver until it is approved, and not in that of its requester', async () => {
    await job.slack.openHome({ user: 'U0BOB' });
    await job.slack.openHome({ user: 'U0ALICE' });
    await job.slack.openHome({ user: 'U0GUEST' });
    const isShown = (user: string) => job.slack.home(user) !== null;
    await job.slack.waitUntil('three tabs', () => ['U0BOB', 'U0ALICE', 'U0GUEST'].every(isShown), SOON_MS);
    assert.ok(home('U0BOB').includes(linkTo(card)));
    assert.ok(home('U0ALICE').includes(linkTo(incident)) && !home('U0ALICE').includes(linkTo(card)));
    assert.doesNotMatch(home('U0GUEST'), /git01/);
    await job.click('U0BOB', card, 'approve_plan');
    await job.slack.waitUntil('a tab without it', () => !home('U0BOB').includes(linkTo(card)), SOON_MS);
    await job.slack.waitUntil('a tab without incidents', () => !home('U0BOB').includes(linkTo(incident)), SOON_MS);
  });

  test('history tells the verdict, the plan and the outcome of what is over', async () => {
    const { text } = await ask('history git01', /resolved after/);
    assert.match(text, /diagnosed as unhealthy, plan \d+-1 applied, resolved after \d/);
    await ask('incidents', /There are no open incidents\.$/);
  });

  test('the shortcut of a message that names the host diagnoses it', async () => {
    const text = 'FIRING: RegistryDown instance="git01:5000"';
    const { ts } = job.slack.say({ user: 'U0BOB', channel: OPS, text });
    await job.slack.messageShortcut({ user: 'U0BOB', channel: OPS, ts, callbackId: SHORTCUTS.message });
    await job.slack.waitForEphemeral('U0BOB', (answer) => answer.text.startsWith('I’m diagnosing git01'), SOON_MS);
    await job.slack.waitUntil('an incident', () => ofTheBot(OPS).length === 2, SOON_MS);
  });

  test('the global shortcut asks for the host, and its incident is in the incident channel', async () => {
    await job.slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global });
    await job.slack.waitUntil('a form', () => job.slack.views('U0ALICE').length === 1, SOON_MS);
    const viewId = job.slack.views('U0ALICE')[0]?.id ?? '';
    const values = { [HOST_INPUT.block]: { [HOST_INPUT.action]: 'git01' } };
    await job.slack.submitView({ user: 'U0ALICE', viewId, values });
    await job.slack.waitForMessage(({ channel, user }) => channel === INCIDENTS && user === 'U0DOCTOR', SOON_MS);
    assert.match(JSON.stringify(job.slack.views('U0ALICE')), /Requesting:/);
  });

  test('a guest gets no host by any way in, and nothing starts', async () => {
    const before = ofTheBot(OPS).length;
    await job.slack.mention({ user: 'U0GUEST', channel: OPS, text: '@registry-doctor diagnose git01' });
    await job.slack.slashCommand({ user: 'U0GUEST', channel: OPS, text: 'status git01' });
    await job.slack.shortcut({ user: 'U0GUEST', callbackId: SHORTCUTS.global });
    await until(() => job.slack.ephemerals('U0GUEST').length === 2, 'the guest was not answered');
    await job.slack.waitUntil('a form', () => job.slack.views('U0GUEST').length === 1, SOON_MS);
    for (const { text } of job.slack.ephemerals('U0GUEST')) assert.match(text, /^You don’t have permission/);
    assert.doesNotMatch(JSON.stringify(job.slack.views('U0GUEST')), /git01/);
    assert.equal(ofTheBot(OPS).length, before);
  });
});
