import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { postRecord } from '../../../src/workflow/incident/post-record.ts';
import type { Directory } from '../../../src/workflow/ports.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';

test('the record is put into the thread once for each state that it has', async (t) => {
  const { files, click, act } = await scene(t, true);
  assert.deepEqual(await click(), { kind: 'accepted' });
  assert.deepEqual(await click(), { kind: 'accepted' });
  assert.equal((await files()).length, 1);
  await act();
  await click();
  const [first, second, ...more] = await files();
  assert.deepEqual(more, []);
  assert.ok(first?.about === 'record' && second?.about === 'record');
  assert.equal(second.entries, first.entries + 1);
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
  assert.deepEqual(await click(), { kind: 'accepted' });
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
  const context = { ...plain, settings, canPostFiles, directory: { ...plain.directory, ...directory } };
  const by = { team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0ALICE') };
  const channel = context.settings.incidentChannel;
  type Request = Parameters<typeof postRecord>[1];
  const click = (change: Partial<Request> = {}) =>
    postRecord(context, { by, channel, incidentIdText: String(incidentId), ...change });
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
  return { click, files, act, incidentId };
}
