import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { hasAction, type MainJob, OPS, SOON_MS, says, startMainJob, until } from '../../support/bots/main-job.ts';
import { skipUnless } from '../../support/requirements.ts';

/** Nothing is lost or doubled: many at once, requests that come twice, and a Slack that is away. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const ACK_LIMIT_MS = 3_000;
/** Fifty whole diagnoses; how fast they are is not what is tested. */
const ALL_OVER_MS = 400_000;

describe('the bot in trouble', { skip }, () => {
  let job: MainJob;

  before(async () => {
    job = await startMainJob({ mode: 'http' });
    await job.registry.waitUntilUnwell();
  });
  after(() => job?.end());

  test('fifty requests for one host at once are each acknowledged in time, and join one incident', async () => {
    const ask = () => job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    for (const answer of answers) {
      assert.equal(answer.failure, null);
      assert.ok(answer.ackMs < ACK_LIMIT_MS, `${answer.ackMs} ms`);
    }
    const told = () => job.slack.ephemerals('U0ALICE').map(({ text }) => text);
    const isDone = () => told().length === 49 && job.slack.messages(OPS).some(({ text }) => /can’t reach/.test(text));
    await job.slack.waitUntil('the diagnosis and the private answers', isDone, ALL_OVER_MS);
    assert.equal(job.slack.messages(OPS).length, 1);
    for (const text of told()) assert.match(text, /^git01 (is already being diagnosed|has an open incident) \(1?/);
  });

  test('of the plans of fifty requests for one host only the newest stays open', async () => {
    await job.slack.waitUntil('one open plan', () => openCards(job).length === 1, SOON_MS);
    assert.equal(openCards(job).length, 1);
  });

  test('a Slack command that arrives three times is carried out once', async () => {
    const requested = async () =>
      (await job.files.cli('audit', 'list', '--limit', '1000')).stdout.match(/Diagnosis requested/g)?.length ?? 0;
    const before = await requested();
    const [earlier] = openCards(job);
    const command = job.slack.prepare.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
    await Promise.all([command.send(), command.send(), command.send()]);
    // Its diagnosis has to be over: otherwise it would replace the plan of the next test.
    const isNew = () => openCards(job).length === 1 && openCards(job)[0]?.ts !== earlier?.ts;
    await job.slack.waitUntil('its plan', isNew, SOON_MS);
    assert.equal(await requested(), before + 1);
    assert.equal(job.slack.messages(OPS).length, 1);
  });

  test('clicks by two approvers at once, each sent twice, run the plan once', async () => {
    const card = await job.askForPlan();
    const click = job.slack.prepare.click({ user: 'U0BOB', channel: OPS, ts: card.ts, actionId: 'approve_plan' });
    await Promise.all([click.send(), click.send(), click.send()]);
    await job.slack.waitForMessage(
      ({ threadTs, text }) => threadTs === card.threadTs && /healthy again/.test(text),
      SOON_MS,
    );
    const listed = await job.files.cli('audit', 'list', '--limit', '1000');
    assert.equal(listed.stdout.match(/Execution finished/g)?.length, 1);
  });

  test('messages about events during a Slack outage are posted once and in order when Slack is back', async () => {
    job.registry.close('ops');
    await job.registry.waitUntilUnwell();
    const incident = job.slack.messages(OPS).length + 1;
    const diagnosed = () => job.bot().log().split('"msg":"diagnosed"').length;
    const diagnosedBefore = diagnosed();
    await letBotKnowAlice(job);
    await job.slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git01' });
    await job.slack.outage('refused');
    try {
      await until(() => diagnosed() > diagnosedBefore, 'the diagnosis did not end');
    } finally {
      await job.slack.outage(null);
    }
    const card = await job.slack.waitForMessage((message) => says(message, `Plan ${incident}-1 for git01`), SOON_MS);
    const thread = job.slack.thread(OPS, card.threadTs ?? '');
    const marks = thread.flatMap(marksIn);
    assert.ok(marks.length > 0);
    assert.deepEqual(
      marks,
      [...new Set(marks)].sort((a, b) => Number(a) - Number(b)),
    );
  });

  test('a post whose response was lost is found in Slack again and not posted a second time', async () => {
    const before = job.slack.messages(OPS).length;
    job.slack.dropNextResponse('chat.postMessage');
    const card = await job.askForPlan();
    assert.equal(job.slack.messages(OPS).length, before, job.slack.transcript());
    const marks = job.slack.thread(OPS, card.threadTs ?? '').flatMap(marksIn);
    assert.equal(marks.length, new Set(marks).size, job.slack.transcript());
  });

  test('a typo, wrong usage and a channel without the bot get a private answer', async () => {
    const before = job.slack.messages(OPS).length;
    const word = async (text: string, channel = OPS) => {
      const told = job.slack.ephemerals('U0CAROL').length;
      await job.slack.slashCommand({ user: 'U0CAROL', channel, text });
      await job.slack.waitForEphemeral('U0CAROL', () => job.slack.ephemerals('U0CAROL').length > told, SOON_MS);
      return job.slack.ephemerals('U0CAROL').at(-1)?.text ?? '';
    };
    assert.match(await word('diagnose git1'), /no host .?git1.*git01/s);
    assert.match(await word('diagnos git01'), /diagnose HOST/i);
    assert.match(await word('help'), /diagnose HOST/i);
    assert.match(await word('diagnose git01', 'C0LOUNGE'), /invite/i);
    assert.equal(job.slack.messages(OPS).length, before);
    assert.equal(job.slack.messages('C0LOUNGE').length, 0);
  });
});

/** The bot asks Slack who a person is, and keeps the answer for half a minute: it can't ask while Slack is away. */
async function letBotKnowAlice({ slack }: MainJob): Promise<void> {
  const told = slack.ephemerals('U0ALICE').length;
  await slack.slashCommand({ user: 'U0ALICE', channel: OPS, text: 'diagnose git1' });
  await slack.waitForEphemeral('U0ALICE', () => slack.ephemerals('U0ALICE').length > told, SOON_MS);
}

/** The numbers of the entries that a message tells of. */
function marksIn({ blocks }: SlackMessage): readonly string[] {
  return [...JSON.stringify(blocks).matchAll(/#(\d+) /g)].map(([, mark = '']) => mark);
}

function openCards(job: MainJob) {
  return job.slack
    .messages(OPS)
    .flatMap(({ ts }) => job.slack.thread(OPS, ts))
    .filter((message) => hasAction(message, 'approve_plan') && !says(message, 'Replaced'));
}
