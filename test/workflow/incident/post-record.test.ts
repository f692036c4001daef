import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { postRecord } from '../../../src/workflow/incident/post-record.ts';
import type { Outbox } from '../../../src/workflow/ports/messages.ts';
import type { Directory } from '../../../src/workflow/ports/people.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';

test('the record is put into the thread once for each state that it has', async (t) => {
  const { files, click, act, incidentId } = await scene(t, true);
  const waits = { kind: 'answer', answer: { kind: 'record-waits', incidentId, failedBefore: null } };
  assert.deepEqual(await click(), waits);
  assert.deepEqual(await click(), waits);
  assert.equal((await files()).length, 1);
  await act();
  await click();
  const [first, second, ...more] = await files();
  assert.deepEqual(more, []);
  assert.ok(first?.about === 'record' && second?.about === 'record');
  // What was added, and the second export.
  assert.equal(second.entries, first.entries + 2);
});

test('who requested the record is on record, once for each file, and the file has that entry, too', async (t) => {
  const { files, click, exports } = await scene(t, true);
  await click();
  await click({ by: { team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0BOB') } });
  const [file] = await files();
  const [entry, ...more] = await exports();
  assert.deepEqual(more, []);
  assert.deepEqual(entry?.actor, { kind: 'slack-user', team: 'T0WORKSHOP', user: 'U0ALICE' });
  assert.equal(file?.about === 'record' && file.entries, entry.incidentEntry);
});

test('a request for the record that Slack sends again adds nothing, even if other entries were added meanwhile', async (t) => {
  const { files, click, exports, act } = await scene(t, true);
  const first = await click({ requestKey: 'slack:T1:Ev1' });
  await act();
  assert.deepEqual(await click({ requestKey: 'slack:T1:Ev1' }), first);
  assert.deepEqual([(await files()).length, (await exports()).length], [1, 1]);
  await click({ requestKey: 'slack:T1:Ev2' });
  assert.deepEqual([(await files()).length, (await exports()).length], [2, 2]);
});

test('a record that was given up is posted by the next click, which says why the first try failed', async (t) => {
  const { click, outbox, incidentId, clock } = await scene(t, true);
  await click();
  const file = async () => (await outbox.pending(9, clock.now())).find(({ body }) => body.kind === 'file');
  await showChannelMessage(outbox, clock.now());
  const { key, version } = (await file()) ?? assert.fail('nothing waits');
  const why = { kind: 'refused', code: 'not_in_channel' } as const;
  await outbox.giveUp(key, version, why);
  assert.equal(await file(), undefined);
  assert.deepEqual(await click(), {
    kind: 'answer',
    answer: { kind: 'record-waits', incidentId, failedBefore: why },
  });
  const again = (await file()) ?? assert.fail('the file is not tried again');
  await outbox.markDelivered(again.key, again.version, 'F1');
  assert.deepEqual(await click(), { kind: 'answer', answer: { kind: 'record-posted', incidentId } });
  assert.equal(await file(), undefined);
});

test('where no file can be posted, the answer has the command', async (t) => {
  const { files, click, incidentId } = await scene(t, false);
  assert.deepEqual(await click(), { kind: 'answer', answer: { kind: 'record-at-terminal', incidentId } });
  assert.deepEqual(await files(), []);
});

test('a person who can’t request a diagnosis of the host gets no record', async (t) => {
  const { files, click } = await scene(t, true, { isFullMember: async () => ({ kind: 'no' }) });
  const refused = await click();
  assert.equal(refused.kind === 'answer' && refused.answer.kind, 'may-not-request');
  assert.deepEqual(await files(), []);
});

test('an approver gets the record of a host that they can’t request a diagnosis of', async (t) => {
  const nobody = { users: [], groups: [] };
  const me = { users: [UserId.parse('U0ALICE')], groups: [] };
  const { files, click } = await scene(t, true, {}, { requesters: nobody, approvers: me });
  const own = await click();
  assert.equal(own.kind === 'answer' && own.answer.kind, 'record-waits');
  assert.equal((await files()).length, 1);
  const other = await click({ by: { team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0BOB') } });
  assert.equal(other.kind === 'answer' && other.answer.kind, 'may-not-request');
});

test('there is no record of an incident that does not exist', async (t) => {
  const { files, click } = await scene(t, true);
  const unknown = await click({ incidentIdText: '999' });
  assert.equal(unknown.kind === 'answer' && unknown.answer.kind, 'incident-unknown');
  assert.deepEqual(await files(), []);
});

async function scene(
  t: TestContext,
  canPostFiles: boolean,
  directory: Partial<Directory> = {},
  policy: Partial<Policy> = {},
) {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const { store, auditTrail } = record.opened;
  const plain = record.context({});
  const [[name, host] = assert.fail()] = plain.settings.hosts;
  const hosts = new Map([[name, { ...host, policy: { ...host.policy, ...policy } }]]);
  const settings = { ...plain.settings, hosts };
  let clicks = 0;
  // Each click comes later than the one before.
  const now = () => {
    clicks += 1;
    return new Date(plain.clock.now().getTime() + clicks * 1_000);
  };
  const clock = { ...plain.clock, now };
  const context = { ...plain, settings, clock, canPostFiles, directory: { ...plain.directory, ...directory } };
  const by = { team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0ALICE') };
  const channel = context.settings.incidentChannel;
  type Request = Parameters<typeof postRecord>[1];
  const click = (change: Partial<Request> = {}) =>
    postRecord(context, {
      ...{ by, channel, incidentIdText: String(incidentId), requestKey: `slack:T1:${clicks}` },
      ...change,
    });
  const files = async () => {
    const { messages } = (await auditTrail.incidentRecord(incidentId)) ?? assert.fail();
    return messages.flatMap(({ body }) => (body.kind === 'file' ? [body] : []));
  };
  const act = () =>
    store.transact((tx) =>
      tx.appendAudit({
        at: new Date().toISOString(),
        incidentId,
        actor: { kind: 'bot', part: 'workflow' },
        act: 'incident-closed',
        planId: null,
        planHash: null,
        outcome: {},
      }),
    );
  const exports = async () =>
    (await store.transact((tx) => tx.auditEntries(incidentId))).filter((entry) => entry.act === 'record-exported');
  return { click, files, exports, act, incidentId, outbox: record.opened.outbox, clock };
}

/** A thread can be posted once its channel message is. */
async function showChannelMessage(outbox: Outbox, now: Date): Promise<void> {
  for (const { key, version, placement } of await outbox.pending(9, now)) {
    if (placement === 'channel') await outbox.markDelivered(key, version, '1.0');
  }
}
