import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IncidentId } from '../../../src/model/record/ids.ts';
import { diagnoseAtTerminal } from '../../../src/workflow/break-glass.ts';
import { diagnoseIncident } from '../../../src/workflow/incident/diagnose-incident.ts';
import { diagnoseAgain } from '../../../src/workflow/incident/request-diagnosis.ts';
import type { RemoteHost, RemoteOutcome } from '../../../src/workflow/ports/host.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { requestUndo } from '../../../src/workflow/review/request-undo.ts';
import { findUnfinished } from '../../../src/workflow/unfinished-tasks.ts';
import { type AttackedRecord, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';

/** The same request more than once: by Slack, by two processes on one record, and by a card of a record that is gone. */

const AWAY: RemoteOutcome = { kind: 'not-connected', reason: 'host-unreachable', why: { code: 'shutting-down' } };

/** A host that answers when the test lets it, in the order in which it was asked. */
function heldHost() {
  const held: PromiseWithResolvers<RemoteOutcome>[] = [];
  const asked: PromiseWithResolvers<void>[] = [];
  const at = (nth: number) => (asked[nth] ??= Promise.withResolvers<void>());
  const remote: RemoteHost = {
    run: () => {
      const answer = Promise.withResolvers<RemoteOutcome>();
      held.push(answer);
      at(held.length - 1).resolve();
      return answer.promise;
    },
  };
  return { remote, isAsked: (nth: number) => at(nth).promise, release: (nth: number) => held[nth]?.resolve(AWAY) };
}

const statusOf = async ({ opened }: AttackedRecord, id: IncidentId) => {
  const message = await opened.store.transact((tx) => tx.message(`status:${id}`));
  return message?.body.kind === 'status' ? message.body : assert.fail();
};

async function unfinishedDiagnosis(context: Parameters<typeof findUnfinished>[0]) {
  const [task] = await findUnfinished(context);
  return task?.kind === 'diagnosis' ? task : assert.fail();
}

test('a diagnosis that another process finished meanwhile does not change the channel message', async (t) => {
  const record = await openRecord(t);
  const { remote, isAsked, release } = heldHost();
  const context = record.context({ remote });
  const [host = assert.fail()] = context.settings.hosts.values();
  const fix = diagnoseAtTerminal(context, host, { kind: 'terminal', user: 'root' });
  await isAsked(0);
  const { incident, askedBy } = await unfinishedDiagnosis(context);
  const bot = diagnoseIncident(context, incident, askedBy);
  await isAsked(1);
  release(0);
  await fix;
  const before = await statusOf(record, incident.id);
  assert.equal(before.stage, 'done');
  release(1);
  await bot;
  assert.deepEqual(await statusOf(record, incident.id), before);
});

test('a diagnosis that was started for an earlier request is not taken as the answer to a later one', async (t) => {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const { remote, isAsked, release } = heldHost();
  const context = record.context({ remote });
  const ask = async (requestKey: string) => {
    const asked = await diagnoseAgain(context, {
      incidentIdText: `${incidentId}`,
      by: CAROL,
      channel: CHANNEL,
      requestKey,
    });
    return asked.kind === 'diagnose' ? asked : assert.fail(asked.kind);
  };
  const diagnosed = async () =>
    (await record.opened.auditTrail.list({ incidentId })).filter(({ act }) => act === 'diagnosed').length;
  const first = await ask('one');
  const one = diagnoseIncident(context, first.incident, first.askedBy);
  await isAsked(0);
  const late = diagnoseIncident(context, first.incident, first.askedBy);
  await isAsked(1);
  release(0);
  await one;
  const second = await ask('two');
  const two = diagnoseIncident(context, second.incident, second.askedBy);
  await isAsked(2);
  release(1);
  await late;
  assert.equal(await diagnosed(), 1);
  release(2);
  await two;
  assert.equal(await diagnosed(), 2);
});

test('one click on "Diagnose again" starts one diagnosis, however often Slack sends it', async (t) => {
  const record = await openRecord(t);
  const { incidentId } = await record.propose();
  const request = { incidentIdText: `${incidentId}`, by: CAROL, channel: CHANNEL, requestKey: 'slack:T1:trigger' };
  assert.equal((await diagnoseAgain(record.context(), request)).kind, 'diagnose');
  await record.opened.store.transact((tx) => tx.moveIncident(incidentId, ['diagnosing'], { state: 'open' }));
  assert.equal((await diagnoseAgain(record.context(), request)).kind, 'under-way');
  const entries = await record.opened.auditTrail.list({ incidentId });
  assert.equal(entries.filter(({ act }) => act === 'diagnosis-requested').length, 1);
});

test('a click on a card of a lost audit record decides on no plan of the current record', async (t) => {
  const shown = await (await openRecord(t)).propose();
  const restored = await openRecord(t);
  const plan = await restored.propose();
  assert.equal(plan.id, shown.id);
  const click = { planIdText: shown.id, planHash: shown.hash, by: BOB, channel: CHANNEL };
  const refused = { kind: 'answer', answer: { kind: 'other-plan', planId: plan.id } };
  for (const verdict of ['approved', 'rejected'] as const) {
    assert.deepEqual((await decidePlan(restored.context(), { ...click, verdict })).outcome, refused);
  }
  assert.deepEqual(await requestUndo(restored.context(), click), refused);
  const silent = { ...click, planHash: null };
  assert.deepEqual(
    await requestUndo(restored.context(), silent),
    refused,
    'a card that does not say which plan it shows',
  );
  assert.equal(await restored.stateOf(plan), 'proposed');
  const own = { ...click, planHash: plan.hash, verdict: 'approved' } as const;
  assert.equal((await decidePlan(restored.context(), own)).outcome.kind, 'accepted');
});
