import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { planRecord } from '../../../src/words/en/plan-card.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { executePlan } from '../../../src/workflow/execution/execute-plan.ts';
import { EXPIRED_BEFORE_RUN, endPlan, supersedeOpenPlans } from '../../../src/workflow/plan/end-plan.ts';
import { proposePlan } from '../../../src/workflow/plan/propose-plan.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { ALICE, type AttackedRecord, BOB, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { toldOfPlan } from '../exited.ts';

/** Plans that end without a change: what is said of them, and the state of their incident. */

const click = { by: BOB, channel: CHANNEL };

async function cardOf(record: AttackedRecord, plan: Plan): Promise<string> {
  const message = await record.opened.store.transact((tx) => tx.message(`plan:${plan.id}`));
  return message?.body.kind === 'plan' ? plainText(planRecord(message.body)) : assert.fail();
}

test('an approved plan does not run if the config now says its registry is elsewhere, and card and audit record say why', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const context = record.context();
  await decidePlan(context, { planIdText: plan.id, planHash: plan.hash, verdict: 'approved', ...click });
  const hosts = new Map([...context.settings.hosts].map(([name, host]) => [name, { ...host, enter: ['docker'] }]));
  const moved = { ...context, settings: { ...context.settings, hosts } };
  assert.equal(await executePlan(moved, plan.id, new AbortController().signal), true);
  const why = { code: 'other-place' } as const;
  assert.match(
    await cardOf(record, plan),
    /Expired: the config file now says that the registry is elsewhere on its host\. Nothing was changed\./,
  );
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  assert.deepEqual(entries.at(-1)?.outcome, { why });
  assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
});

test('the card and the audit record of a replaced plan say why it was replaced', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  await record.opened.store.transact((tx) =>
    supersedeOpenPlans(tx, plan.host, new Date(), { code: 'newer-diagnosis' }),
  );
  assert.match(await cardOf(record, plan), /Replaced: a newer diagnosis of the host\. Nothing was changed\./);
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  assert.deepEqual(entries.at(-1)?.outcome, { why: { code: 'newer-diagnosis' } });
});

/** An incident that is over, and the approved undo of its plan. */
async function approvedUndo(record: AttackedRecord) {
  const plan = await record.propose();
  const context = record.context();
  const [host = assert.fail()] = context.settings.hosts.values();
  const draft = judgeFacts(incidentFacts()).plan ?? assert.fail();
  const closedAt = new Date().toISOString();
  const undo = await record.opened.store.transact(async (tx) => {
    await tx.movePlan(plan.id, 'proposed', 'superseded');
    await tx.moveIncident(plan.incidentId, ['open'], { state: 'resolved', closedAt });
    const askedBy = { kind: 'slack-user', ...ALICE } as const;
    const undoes = { id: plan.id, hash: plan.hash };
    return proposePlan(tx, { incidentId: plan.incidentId, host, askedBy, now: new Date(), draft, undoes });
  });
  await decidePlan(context, { planIdText: undo.id, planHash: undo.hash, verdict: 'approved', ...click });
  return undo;
}

const incidentOf = (record: AttackedRecord, { incidentId }: Plan) =>
  record.opened.store.transact((tx) => tx.incident(incidentId));

test('an undo that expires before it runs leaves its incident resolved', async (t) => {
  const record = await openRecord(t);
  const undo = await approvedUndo(record);
  await record.opened.store.transact((tx) =>
    endPlan(tx, { plan: undo, state: 'approved' }, 'expire', { now: new Date(), why: EXPIRED_BEFORE_RUN }),
  );
  assert.equal((await incidentOf(record, undo))?.state, 'resolved');
});

test('an undo that fails halfway reopens its incident, and the channel message does not call the registry healthy', async (t) => {
  const record = await openRecord(t);
  const undo = await approvedUndo(record);
  const remote: RemoteHost = {
    run: async (_, input) => {
      const steps = undo.steps.flatMap((step) =>
        [
          ['step-path', step.path],
          ['step-before', step.from],
          ['step-after', step.to],
          ['step-was', 'unreadable'],
          ['step-is', 'unreadable'],
          ['step-list', ''],
        ].map(([key = '', value = '']) => [key, value] as const),
      );
      return toldOfPlan(input, ['kind', 'undo-failed'], ['why', 'no space left'], ...steps);
    },
  };
  await executePlan(record.context({ remote }), undo.id, new AbortController().signal);
  assert.equal(await record.stateOf(undo), 'failed');
  assert.equal((await incidentOf(record, undo))?.state, 'open');
  const status = await record.opened.store.transact((tx) => tx.message(`status:${undo.incidentId}`));
  assert.equal(status?.body.kind === 'status' && status.body.resolvedAt, null);
});
