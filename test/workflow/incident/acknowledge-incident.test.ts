import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ChannelId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { acknowledgeIncident } from '../../../src/workflow/incident/acknowledge-incident.ts';
import { resolveOpenIncidents } from '../../../src/workflow/incident/resolve-incidents.ts';
import type { Person } from '../../../src/workflow/requests.ts';
import { ALICE, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

/** Who is on an open incident, over the real store. */

async function scene(t: TestContext, change: Partial<Policy> = {}) {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const policy = policyWith({ channels: [CHANNEL], ...change });
  const host = { ...hostSettings({}), policy };
  const settings = {
    hosts: new Map([[host.name, host]]),
    defaultPolicy: policy,
    fleetLook: null,
    quiet: quietWith(),
    incidentChannel: CHANNEL,
  };
  const context = record.context({ settings, directory: NO_GROUPS });
  const acknowledge = async (by: Person, incidentIdText = String(incidentId), channel = CHANNEL) => {
    const outcome = await acknowledgeIncident(context, { incidentIdText, by, channel });
    return outcome.kind === 'answer' ? outcome.answer.kind : outcome.kind;
  };
  const status = async () => {
    const message = await record.opened.store.transact((tx) => tx.message(`status:${incidentId}`));
    return message?.body.kind === 'status' ? message.body : assert.fail();
  };
  const resolve = () =>
    record.opened.store.transact((tx) =>
      resolveOpenIncidents(tx, host.name, new Date(), { by: 'watch', proof: 'diagnosis' }),
    );
  const acts = async () => {
    const entries = await record.opened.auditTrail.list({ incidentId });
    return entries.filter(({ act }) => act === 'incident-acknowledged').map(({ actor }) => actor);
  };
  return { record, incidentId, acknowledge, status, resolve, acts };
}

const NO_GROUPS = {
  isMember: async () => ({ kind: 'no' }) as const,
  isFullMember: async () => ({ kind: 'yes' }) as const,
};
const people = (...all: Person[]) => ({ users: all.map(({ user }) => user), groups: [] });
const asActor = (person: Person) => ({ kind: 'slack-user', ...person });

test('an acknowledgement is on record and in the status message, with who and since when', async (t) => {
  const { record, acknowledge, status, acts } = await scene(t);
  assert.equal((await status()).acknowledged, undefined);
  const now = new Date('2030-01-01T00:00:00.000Z');
  record.setNow(now);
  assert.equal(await acknowledge(BOB), 'accepted');
  assert.deepEqual((await status()).acknowledged, { by: asActor(BOB), at: now.toISOString() });
  assert.deepEqual(await acts(), [asActor(BOB)]);
});

test('a second click by the same person changes nothing', async (t) => {
  const { acknowledge, acts } = await scene(t);
  await acknowledge(BOB);
  assert.equal(await acknowledge(BOB), 'acknowledged-before');
  assert.equal((await acts()).length, 1);
});

test('another person can take over, and the first one can take it back', async (t) => {
  const { acknowledge, status, acts } = await scene(t);
  await acknowledge(BOB);
  assert.equal(await acknowledge(CAROL), 'accepted');
  assert.deepEqual((await status()).acknowledged?.by, asActor(CAROL));
  assert.equal(await acknowledge(BOB), 'accepted');
  assert.deepEqual(await acts(), [BOB, CAROL, BOB].map(asActor));
});

test('those who can request or approve can acknowledge, and no one else', async (t) => {
  const { acknowledge, acts } = await scene(t, { requesters: people(ALICE), approvers: people(BOB) });
  assert.equal(await acknowledge(CAROL), 'may-not-acknowledge');
  assert.equal(await acknowledge(ALICE), 'accepted');
  assert.equal(await acknowledge(BOB), 'accepted');
  assert.deepEqual(await acts(), [ALICE, BOB].map(asActor));
});

test('an approver can acknowledge an incident whose diagnosis they requested', async (t) => {
  const { acknowledge } = await scene(t, { requesters: people(BOB), approvers: people(ALICE) });
  assert.equal(await acknowledge(ALICE), 'accepted');
});

test('an incident is not acknowledged in another channel, or by an invalid or unknown id', async (t) => {
  const { acknowledge, acts } = await scene(t);
  assert.equal(await acknowledge(BOB, undefined, ChannelId.parse('C2')), 'wrong-channel');
  for (const id of ['999', 'x', '1.5', '']) assert.equal(await acknowledge(BOB, id), 'incident-unknown');
  assert.deepEqual(await acts(), []);
});

test('an incident that is over is not acknowledged, and says so', async (t) => {
  const { acknowledge, status, resolve, acts } = await scene(t);
  await acknowledge(BOB);
  await resolve();
  assert.equal(await acknowledge(CAROL), 'incident-over');
  assert.equal((await acts()).length, 1);
  const { isOpen, acknowledged } = await status();
  assert.deepEqual({ isOpen, acknowledged }, { isOpen: false, acknowledged: undefined });
});
