import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bytesHash } from '../../../src/hash/bytes-hash.ts';
import { createLog } from '../../../src/log.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { ChannelId } from '../../../src/model/record/ids.ts';
import type { FileMessage } from '../../../src/model/record/messages/thread-message.ts';
import type { SlackStandInOptions } from '../../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_SCOPES } from '../../../src/playground/slack/start-slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import type { FileSources } from '../../../src/slack/delivery/make-file.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import type { PendingMessage } from '../../../src/workflow/ports/messages.ts';
import { english } from '../../support/words/english.ts';
import { incidentRecord, toldIncident } from '../../telling/sample-incident.ts';
import { INCIDENT, incidentDiagnosis, incidentPlan, planMessage, statusMessage } from '../scenario-messages.ts';
import { startSlack } from '../start-slack.ts';

const CHANNEL = 'C0INCIDENTS';
const NOW = new Date('2026-11-23T14:10:00.000Z');
const AT = NOW.toISOString();

const RECORD: FileMessage = {
  kind: 'file',
  about: 'record',
  incidentId: INCIDENT,
  host: incidentDiagnosis().host,
  at: AT,
  entries: 7,
};
const PICTURE: FileMessage = {
  kind: 'file',
  about: 'picture',
  incidentId: INCIDENT,
  at: AT,
  diagnosis: incidentDiagnosis(),
  sequence: 2,
};

test('the record is posted in the thread as the Markdown of audit export', async (context) => {
  const { slack, deliver } = await start(context);
  assert.equal((await deliver(RECORD)).kind, 'delivered');
  const [file, ...more] = slack.files();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [file?.name, file?.title],
    ['incident-142-record-7.md', 'Incident 142 on git01: the record, 7 entries'],
  );
  assert.match(String(file?.bytes), /^# Incident 142: git01\n[\s\S]*## 4\. Record/);
});

test('the picture is a PNG twice as wide as a phone, and its path is there as text', async (context) => {
  const { slack, deliver } = await start(context);
  assert.equal((await deliver(PICTURE)).kind, 'delivered');
  const [file] = slack.files();
  assert.equal(file?.bytes?.subarray(1, 4).toString('latin1'), 'PNG');
  assert.equal(file.bytes.readUInt32BE(16), 780);
  assert.match(file.altText ?? '', /^Path check: 12 steps, 2 blocked\n\/data\/vol1\/ops 0750 root:ops blocked/);
  assert.ok((file.altText ?? '').length <= 1_000);
});

test('a file whose last answer was lost is found again in the thread, not posted twice', async (context) => {
  const { slack, deliver } = await start(context);
  slack.dropNextResponse('files.completeUploadExternal');
  const first = await deliver(RECORD);
  assert.deepEqual([first.kind, first.kind === 'retry' && first.doubt], ['retry', 'maybe-posted']);
  assert.equal((await deliver(RECORD, { maybePosted: true })).kind, 'delivered');
  assert.equal(slack.files().length, 1);
});

test('someone else’s file of the same name is not mistaken for ours', async (context) => {
  const { slack, deliver, rootTs } = await start(context);
  slack.say({ user: 'U0BOB', channel: CHANNEL, text: 'Look', threadTs: rootTs, files: ['incident-142-record-7.md'] });
  assert.equal((await deliver(RECORD, { maybePosted: true })).kind, 'delivered');
  assert.equal(slack.files().length, 1);
});

test('before its last step nothing of a file is in Slack, so it is sent again without a look-up', async (context) => {
  const { slack, deliver } = await start(context);
  slack.dropNextResponse('files.getUploadURLExternal');
  const first = await deliver(RECORD);
  assert.deepEqual([first.kind, first.kind === 'retry' && first.doubt], ['retry', 'not-posted']);
  assert.equal((await deliver(RECORD)).kind, 'delivered');
  assert.deepEqual(slack.calls('conversations.replies'), []);
});

test('a workspace that takes no files is told once, and the file is given up', async (context) => {
  const { slack, deliver } = await start(context);
  slack.failNext('files.getUploadURLExternal', 'file_uploads_disabled');
  assert.deepEqual(await deliver(RECORD), {
    kind: 'refused',
    why: { kind: 'refused', code: 'file_uploads_disabled' },
  });
});

test('a file that can’t be made is given up with the reason, and logged', async (context) => {
  const { deliver, logged } = await start(context, { exported: async () => null });
  assert.deepEqual(await deliver(RECORD), {
    kind: 'refused',
    why: { kind: 'not-made', said: 'there is no incident 142' },
  });
  assert.ok(logged.some((line) => line.includes('could not be made')));
});

test('a limit of Slack is heeded, and an hour later the file is given up', async (context) => {
  const { slack, deliver } = await start(context);
  slack.rateLimit('files.getUploadURLExternal', 7, 2);
  const first = await deliver(RECORD);
  assert.deepEqual([first.kind, first.kind === 'retry' && first.afterMs], ['retry', 7_000]);
  const at = new Date(NOW.getTime() - 3_600_001).toISOString();
  assert.equal((await deliver({ ...RECORD, at })).kind, 'refused');
});

test('a plan that is too long for its card is in a file before the card, which has its buttons and the hash of the file', async (context) => {
  const { slack, deliver, rootTs } = await start(context);
  const plan = longPlan();
  assert.equal((await deliver(planMessage('proposed', plan))).kind, 'delivered');
  const [, posted, card] = slack.thread(CHANNEL, rootTs);
  const [file] = posted?.files ?? [];
  assert.match(file?.name ?? '', /^plan-142-1-[0-9a-f]{12}\.txt$/);
  const text = String(file?.bytes);
  assert.equal(text.match(/^chmod 0751 /gm)?.length, 64);
  assert.ok(text.includes(plan.hash));
  assert.equal(actionsOf(card)[0], 'approve_plan');
  const shown = shownIn(card);
  assert.ok(shown.includes(`file SHA-256 ${bytesHash(file?.bytes ?? Buffer.of()).slice('sha256:'.length)}`), shown);
  assert.match(
    shown,
    /This card does not show 63 steps\. Every command is in the file plan-142-1-[0-9a-f]{12}\.txt above/,
  );
});

test('an edit of the card posts the file of the plan no second time, also after a restart', async (context) => {
  const first = await start(context);
  const delivery = await first.deliver(planMessage('proposed', longPlan()));
  assert.ok(delivery.kind === 'delivered');
  const edit = { ts: delivery.ts, version: 2 };
  await first.deliver(planMessage('proposed', longPlan()), edit);
  await first.again().deliver(first.post(planMessage('proposed', longPlan()), { ...edit, version: 3 }));
  assert.equal(first.slack.files().length, 1);
  const [, , card] = first.slack.thread(CHANNEL, first.rootTs);
  assert.equal(actionsOf(card)[0], 'approve_plan');
});

test('a long plan whose file Slack refuses, or does not take in three tries, can’t be approved, and its card says so', async (context) => {
  for (const tries of [1, 3]) {
    const { slack, deliver, rootTs } = await start(context);
    for (let left = tries; left > 0; left -= 1) {
      if (tries === 1) slack.failNext('files.getUploadURLExternal', 'file_uploads_disabled');
      else slack.dropNextResponse('files.getUploadURLExternal');
      const delivery = await deliver(planMessage('proposed', longPlan()));
      assert.equal(delivery.kind, left === 1 ? 'delivered' : 'retry');
    }
    const [, card] = slack.thread(CHANNEL, rootTs);
    assert.deepEqual(actionsOf(card), ['reject_plan', 'withdraw_plan']);
  }
});

test('the card of a long plan waits as long as Slack asks it to', async (context) => {
  const { slack, deliver } = await start(context);
  slack.rateLimit('files.getUploadURLExternal', 9, 5);
  for (let tries = 5; tries > 0; tries -= 1) {
    const delivery = await deliver(planMessage('proposed', longPlan()));
    assert.equal(delivery.kind === 'retry' && delivery.afterMs, 9_000);
  }
  assert.equal((await deliver(planMessage('proposed', longPlan()))).kind, 'delivered');
  assert.equal(slack.files().length, 1);
});

test('without the scope a long plan is as before, and Slack is asked for no file', async (context) => {
  const { slack, deliver, rootTs } = await start(context, { canPost: () => false });
  assert.equal((await deliver(planMessage('proposed', longPlan()))).kind, 'delivered');
  assert.match(shownIn(slack.thread(CHANNEL, rootTs)[1]), /too long to show in full/);
  assert.deepEqual(slack.calls('files.getUploadURLExternal'), []);
});

test('the card of a long plan waits until Slack shows the file in the thread, which it looks for instead of sending it again', async (context) => {
  const { slack, deliver, rootTs } = await start(context);
  slack.holdFiles(true);
  for (let looks = 3; looks > 0; looks -= 1) {
    const delivery = await deliver(planMessage('proposed', longPlan()));
    assert.deepEqual(delivery.kind === 'retry' && [delivery.why, delivery.pausesChannel], [
      { kind: 'file-not-in-thread' },
      undefined,
    ]);
  }
  assert.equal(slack.thread(CHANNEL, rootTs).length, 1);
  slack.holdFiles(false);
  const delivery = await deliver(planMessage('proposed', longPlan()));
  assert.equal(delivery.kind === 'delivered' && delivery.planFile, 'posted');
  const [, posted, card, ...more] = slack.thread(CHANNEL, rootTs);
  assert.deepEqual([posted?.files?.length, actionsOf(card)[0], more], [1, 'approve_plan', []]);
  assert.equal(slack.files().length, 1);
});

test('a long plan whose file Slack accepts and never shows can’t be approved, and its card says so', async (context) => {
  const { slack, deliver, rootTs } = await start(context);
  slack.holdFiles(true);
  let delivery = await deliver(planMessage('proposed', longPlan()));
  for (let tries = 0; delivery.kind === 'retry' && tries < 30; tries += 1) {
    delivery = await deliver(planMessage('proposed', longPlan()));
  }
  assert.equal(delivery.kind === 'delivered' && delivery.planFile, 'unanswered');
  assert.equal(slack.files().length, 3);
  const [, card] = slack.thread(CHANNEL, rootTs);
  assert.deepEqual(actionsOf(card), ['reject_plan', 'withdraw_plan']);
});

test('one internal error of Slack does not make a long plan unapprovable', async (context) => {
  const { slack, deliver, rootTs } = await start(context);
  slack.failNext('files.getUploadURLExternal', 'internal_error');
  assert.equal((await deliver(planMessage('proposed', longPlan()))).kind, 'retry');
  assert.equal((await deliver(planMessage('proposed', longPlan()))).kind, 'delivered');
  assert.equal(actionsOf(slack.thread(CHANNEL, rootTs)[2])[0], 'approve_plan');
});

test('a limit on files or look-ups delays only its own message, not the channel', async (context) => {
  const { slack, deliver } = await start(context);
  slack.rateLimit('files.getUploadURLExternal', 60, 2);
  slack.rateLimit('conversations.replies', 60, 1);
  const limited = [
    await deliver(RECORD),
    await deliver(planMessage('proposed', longPlan())),
    await deliver(planMessage(), { key: 'plan:142-2', maybePosted: true }),
  ];
  for (const delivery of limited) {
    assert.deepEqual(delivery.kind === 'retry' && [delivery.why.kind, delivery.pausesChannel], [
      'rate-limited',
      undefined,
    ]);
  }
});

test('a file whose answer was lost is found by its id if Slack names neither its author nor the file', async (context) => {
  const { slack, deliver, rootTs } = await start(context, {}, { bareFiles: true });
  slack.dropNextResponse('files.completeUploadExternal');
  await deliver(RECORD);
  assert.equal((await deliver(RECORD, { maybePosted: true })).kind, 'delivered');
  slack.dropNextResponse('files.completeUploadExternal');
  assert.equal((await deliver(planMessage('proposed', longPlan()))).kind, 'delivered');
  assert.equal(slack.files().length, 2);
  assert.equal(actionsOf(slack.thread(CHANNEL, rootTs)[3])[0], 'approve_plan');
});

async function start(
  context: TestContext,
  change: Partial<FileSources> = {},
  options: Pick<SlackStandInOptions, 'bareFiles'> = {},
) {
  const slack = await startSlack(context, { ...options, scopes: [...DEFAULT_SCOPES, 'files:write'] });
  const logged: string[] = [];
  const log = createLog('debug', { destination: { write: (line) => void logged.push(line) } });
  const clients = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  const sources: FileSources = {
    canPost: () => true,
    now: () => NOW,
    exported: async () => toldIncident(incidentRecord(incidentDiagnosis(), 'looks right')),
    ...change,
  };
  const again = () => new SlackMessenger(clients, log, english, sources);
  const messenger = again();
  const rootTs = await postRoot(messenger);
  const post = (body: PendingMessage['body'], more: Partial<PendingMessage> = {}): PendingMessage => ({
    ...BASE,
    placement: 'thread',
    threadTs: rootTs,
    key: 'key',
    body,
    ...more,
  });
  const deliver = (body: PendingMessage['body'], more: Partial<PendingMessage> = {}) =>
    messenger.deliver(post(body, more));
  return { slack, logged, rootTs, post, deliver, again };
}

const BASE = { incidentId: INCIDENT, version: 1, channel: ChannelId.parse(CHANNEL), ts: null, maybePosted: false };

async function postRoot(messenger: SlackMessenger): Promise<string> {
  const body = statusMessage({ openedAt: new Date().toISOString() });
  const delivery = await messenger.deliver({ ...BASE, key: 'status:142', placement: 'channel', threadTs: null, body });
  return delivery.kind === 'delivered' ? delivery.ts : assert.fail(JSON.stringify(delivery));
}

function actionsOf(message: SlackMessage | undefined): readonly string[] {
  return (message?.blocks ?? []).flatMap((block) =>
    block.type === 'actions' ? block.elements.map((element) => element.action_id ?? '') : [],
  );
}

/** Its words, without their style. */
function shownIn(message: SlackMessage | undefined): string {
  const texts = (message?.blocks ?? []).flatMap((block) => [...JSON.stringify(block).matchAll(/"text":"([^"]*)"/g)]);
  return texts.map(([, text = '']) => text).join('');
}

function longPlan(): Plan {
  const plan = incidentPlan();
  const [step = assert.fail()] = plan.steps;
  const path = (index: number) => HostPath.parse(`/${'d'.repeat(4_000)}${index}`);
  return { ...plan, steps: Array.from({ length: 64 }, (_, index) => ({ ...step, path: path(index) })) };
}
