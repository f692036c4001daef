import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostPath } from '../../src/model/host/host-path.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import type { Actor } from '../../src/model/record/actor.ts';
import { GENESIS_HASH } from '../../src/model/record/audit.ts';
import { HostName, IncidentId, PlanId, TeamId } from '../../src/model/record/ids.ts';
import type { IncidentState } from '../../src/model/record/incident.ts';
import type { RecordStore } from '../../src/workflow/ports/record.ts';
import type { OpenStore } from './open-store.ts';
import {
  ALICE,
  at,
  auditDraft,
  BOB,
  DIAGNOSIS,
  GIT01,
  NOT_WELL,
  newIncident,
  openIncident,
  openingOf,
  proposePlan,
  putDiagnosis,
  putVerification,
  statusMessage,
  WELL,
} from './samples.ts';

/** What every database must do behind the port `RecordStore`. */
export function recordStoreContract(open: OpenStore): void {
  incidentContract(open);
  planContract(open);
  decisionAndExecutionContract(open);
  auditContract(open);
  transactionContract(open);
}

function incidentContract(open: OpenStore): void {
  test('an incident is read from the audit record as it was opened', async (t) => {
    const { store } = await open(t);
    const opened = await store.transact((tx) => tx.insertIncident(newIncident()));
    const expected = { ...newIncident(), id: 1, state: 'diagnosing', verdict: null, currentPlan: null, closedAt: null };
    assert.deepEqual(opened, expected);
    assert.deepEqual(await store.transact((tx) => tx.incident(IncidentId.parse(1))), expected);
    assert.deepEqual(await store.transact((tx) => tx.incidentByRequest('request-1')), expected);
  });

  test('a repeated request key opens no second incident and uses up no incident number', async (t) => {
    const { store } = await open(t);
    await store.transact((tx) => tx.insertIncident(newIncident()));
    assert.equal(await store.transact((tx) => tx.insertIncident(newIncident())), null);
    const next = await store.transact((tx) => tx.insertIncident(newIncident({ requestKey: 'request-2' })));
    assert.equal(next?.id, 2);
  });

  test('a lookup of an unknown incident or request returns null', async (t) => {
    const { store } = await open(t);
    assert.equal(await store.transact((tx) => tx.incident(IncidentId.parse(7))), null);
    assert.equal(await store.transact((tx) => tx.incidentByRequest('never')), null);
  });

  test('incidents can be listed by state and host, oldest first', async (t) => {
    const { store } = await open(t);
    const other = HostName.parse('git02');
    const first = await openIncident(store);
    const second = await openIncident(store, { host: other });
    const third = await openIncident(store);
    await store.transact((tx) => tx.moveIncident(third.id, ['diagnosing'], { state: 'open' }));
    const ids = async (states: readonly IncidentState[], host?: HostName) =>
      (await store.transact((tx) => tx.incidentsIn(states, host))).map(({ id }) => id);
    assert.deepEqual(await ids(['diagnosing', 'open']), [first.id, second.id, third.id]);
    assert.deepEqual(await ids(['diagnosing', 'open'], GIT01), [first.id, third.id]);
    assert.deepEqual(await ids(['closed']), []);
    assert.deepEqual(await ids([]), []);
  });

  test('the latest incidents of some hosts are listed newest first, open or not, and no more than asked for', async (t) => {
    const { store } = await open(t);
    const other = HostName.parse('git02');
    const first = await openIncident(store);
    const second = await openIncident(store, { host: other });
    const third = await openIncident(store);
    await store.transact((tx) => tx.moveIncident(first.id, ['diagnosing'], { state: 'closed' }));
    const ids = async (hosts: readonly HostName[], limit: number) =>
      (await store.transact((tx) => tx.latestIncidents(hosts, limit))).map(({ id }) => id);
    assert.deepEqual(await ids([GIT01], 10), [third.id, first.id]);
    assert.deepEqual(await ids([GIT01, other], 2), [third.id, second.id]);
    assert.deepEqual(await ids([], 10), []);
  });

  test('an incident changes its state only from one of the expected states, and keeps every field that is not changed', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const closedAt = at(9).toISOString();
    assert.equal(await store.transact((tx) => tx.moveIncident(incident.id, ['open'], { state: 'closed' })), false);
    assert.deepEqual(await store.transact((tx) => tx.incident(incident.id)), incident);
    const verdict = { verdict: 'faulty' } as const;
    assert.equal(await store.transact((tx) => tx.moveIncident(incident.id, ['diagnosing'], verdict)), true);
    assert.equal(
      await store.transact((tx) => tx.moveIncident(incident.id, ['open', 'diagnosing'], { state: 'closed', closedAt })),
      true,
    );
    assert.deepEqual(await store.transact((tx) => tx.incident(incident.id)), {
      ...incident,
      verdict: 'faulty',
      state: 'closed',
      closedAt,
    });
  });
}

function planContract(open: OpenStore): void {
  test('a new plan is read from the record exactly as it was hashed, and waits for a decision', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    assert.equal(plan.id, `${incident.id}-1`);
    assert.deepEqual(await store.transact((tx) => tx.plan(plan.id)), { plan, state: 'proposed' });
    assert.equal(await store.transact((tx) => tx.plan(PlanId.parse('9-9'))), null);
  });

  test('the plans of each incident are numbered 1, 2, 3, independently of other incidents', async (t) => {
    const { store } = await open(t);
    const [first, second] = [await openIncident(store), await openIncident(store)];
    const ids = await store.transact(async (tx) => [
      (await proposePlan(tx, first)).id,
      (await proposePlan(tx, second)).id,
      (await proposePlan(tx, first)).id,
      await tx.nextPlanId(first.id),
    ]);
    assert.deepEqual(ids, [`${first.id}-1`, `${second.id}-1`, `${first.id}-2`, `${first.id}-3`]);
  });

  test('the record refuses a plan whose number belongs to another incident', async (t) => {
    const { store } = await open(t);
    const [first, second] = [await openIncident(store), await openIncident(store)];
    const plan = await store.transact((tx) => proposePlan(tx, first));
    const misnumbered = { ...plan, id: PlanId.parse(`${first.id}-2`), incidentId: second.id };
    await assert.rejects(
      store.transact((tx) => tx.insertPlan(misnumbered)),
      /is not a plan of incident/,
    );
  });

  test('a plan changes its state only from the state that it has, so two changes can’t both succeed', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    assert.equal(await store.transact((tx) => tx.movePlan(plan.id, 'proposed', 'rejected')), true);
    assert.equal(await store.transact((tx) => tx.movePlan(plan.id, 'proposed', 'approved')), false);
    assert.equal((await store.transact((tx) => tx.plan(plan.id)))?.state, 'rejected');
  });

  test('plans can be listed by state and host', async (t) => {
    const { store } = await open(t);
    const other = HostName.parse('git02');
    const [here, there] = [await openIncident(store), await openIncident(store, { host: other })];
    const [first, , second] = await store.transact(async (tx) => [
      await proposePlan(tx, here),
      await proposePlan(tx, there),
      await proposePlan(tx, here),
    ]);
    await store.transact((tx) => tx.movePlan(PlanId.parse(`${here.id}-2`), 'proposed', 'superseded'));
    const found = await store.transact((tx) => tx.plansIn(['proposed', 'superseded'], GIT01));
    assert.deepEqual(
      found.map(({ plan, state }) => [plan, state]),
      [
        [first, 'proposed'],
        [second, 'superseded'],
      ],
    );
    assert.equal((await store.transact((tx) => tx.plansIn(['proposed']))).length, 2);
  });
}

function decisionAndExecutionContract(open: OpenStore): void {
  test('the record keeps who decided on a plan, when and why, and refuses a repeated decision by the same person', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    assert.deepEqual(await store.transact((tx) => tx.decisions(plan.id)), []);
    const approval = approvalOf(plan, ALICE, 8);
    const second = approvalOf(plan, BOB, 9);
    const rejection = { ...approvalOf(plan, ALICE, 10), verdict: 'rejected', reason: 'not tonight\n"really"' } as const;
    for (const decision of [approval, second, rejection]) await store.transact((tx) => tx.insertDecision(decision));
    await assert.rejects(store.transact((tx) => tx.insertDecision({ ...approval, at: at(11).toISOString() })));
    assert.deepEqual(await store.transact((tx) => tx.decisions(plan.id)), [approval, second, rejection]);
  });

  test('the record does not count the same Slack user id in another team as a second approver', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    await store.transact((tx) => tx.insertDecision(approvalOf(plan, BOB, 8)));
    assert.ok(BOB.kind === 'slack-user');
    const elsewhere = { ...BOB, team: TeamId.parse('T2') };
    await assert.rejects(store.transact((tx) => tx.insertDecision(approvalOf(plan, elsewhere, 9))));
  });

  test('the record refuses a decision on another hash than the plan’s', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const [plan, other] = await store.transact(async (tx) => [
      await proposePlan(tx, incident),
      await proposePlan(tx, incident),
    ]);
    assert.ok(plan && other);
    const onAnother = { ...approvalOf(plan, BOB, 8), planHash: other.hash };
    await assert.rejects(store.transact((tx) => tx.insertDecision(onAnother)));
  });

  test('at most one plan per host is executing; the other approved plans queue in the order of their approval', async (t) => {
    const { store } = await open(t);
    const [here, there] = [await openIncident(store), await openIncident(store, { host: HostName.parse('git02') })];
    const [first, second, third, elsewhere] = await store.transact(async (tx) => [
      await proposePlan(tx, here),
      await proposePlan(tx, here),
      await proposePlan(tx, here),
      await proposePlan(tx, there),
    ]);
    assert.ok(first && second && third && elsewhere);
    for (const [second_, plan] of [third, first, elsewhere].entries()) await approveAt(store, plan, second_);
    const queue = async (host?: HostName) =>
      (await store.transact((tx) => tx.executionQueue(host))).map(({ plan, state }) => [plan.id, state]);
    assert.deepEqual(await queue(GIT01), [
      [third.id, 'approved'],
      [first.id, 'approved'],
    ]);
    assert.equal(await store.transact((tx) => tx.movePlan(first.id, 'approved', 'executing')), true);
    assert.deepEqual(await queue(GIT01), [
      [first.id, 'executing'],
      [third.id, 'approved'],
    ]);
    await assert.rejects(store.transact((tx) => tx.movePlan(third.id, 'approved', 'executing')));
    assert.equal(await store.transact((tx) => tx.movePlan(elsewhere.id, 'approved', 'executing')), true);
    assert.equal((await queue()).length, 3);
  });

  test('a plan can start one execution, which can finish once', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    const intended = { planId: plan.id, intendedAt: at(1).toISOString(), finishedAt: null, outcome: null };
    const unsure = { ...intended, outcome: { kind: 'unknown', why: { code: 'bot-restarted' } } } as const;
    const finished = { ...unsure, finishedAt: at(3).toISOString(), outcome: { kind: 'never-started' } } as const;
    assert.equal(await store.transact((tx) => tx.execution(plan.id)), null);
    await store.transact((tx) => tx.insertExecution(intended));
    await assert.rejects(store.transact((tx) => tx.insertExecution(intended)));
    assert.deepEqual(await store.transact((tx) => tx.execution(plan.id)), intended);
    await store.transact((tx) => tx.finishExecution(unsure));
    assert.deepEqual(await store.transact((tx) => tx.execution(plan.id)), unsure);
    await store.transact((tx) => tx.finishExecution(finished));
    await assert.rejects(
      store.transact((tx) => tx.finishExecution(unsure)),
      /no execution that could still finish/,
    );
    assert.deepEqual(await store.transact((tx) => tx.execution(plan.id)), finished);
  });

  test('the record refuses decisions and executions of a plan that it does not have', async (t) => {
    const { store } = await open(t);
    const planId = PlanId.parse('5-1');
    const execution = { planId, intendedAt: at(1).toISOString(), finishedAt: null, outcome: null };
    await assert.rejects(store.transact((tx) => tx.insertExecution(execution)));
    await assert.rejects(store.transact((tx) => tx.finishExecution(execution)));
    const incident = await openIncident(store);
    const other = await store.transact((tx) => proposePlan(tx, incident));
    const decision = { ...approvalOf(other, BOB, 1), planId };
    await assert.rejects(store.transact((tx) => tx.insertDecision(decision)));
  });
}

function auditContract(open: OpenStore): void {
  test('audit entries are numbered from 1 across all incidents and within each, and each holds the hash of the one before', async (t) => {
    const { store, auditTrail } = await open(t);
    const [first, second] = [await openIncident(store), await openIncident(store)];
    const one = await store.transact((tx) => tx.appendAudit(auditDraft(first.id)));
    const [two, three] = await store.transact(async (tx) => [
      await tx.appendAudit(auditDraft(second.id)),
      await tx.appendAudit(auditDraft(first.id)),
    ]);
    assert.deepEqual(
      [one, two, three].map((entry) => entry?.sequence),
      [1, 2, 3],
    );
    assert.deepEqual(
      [one, two, three].map((entry) => entry?.incidentEntry),
      [1, 1, 2],
    );
    assert.deepEqual(
      [one, two, three].map((entry) => entry?.previousHash),
      [GENESIS_HASH, one.hash, two?.hash],
    );
    assert.deepEqual(await store.transact((tx) => tx.auditEntries(first.id)), [one, three]);
    assert.deepEqual(await auditTrail.list({}), [one, two, three]);
    assert.deepEqual(await auditTrail.list({ limit: 2 }), [two, three]);
    assert.deepEqual(await auditTrail.list({ incidentId: first.id, limit: 1 }), [three]);
  });

  test('an audit entry about the bot itself is in the same chain as all others, and belongs to no incident', async (t) => {
    const { store, auditTrail } = await open(t);
    const incident = await openIncident(store);
    const one = await store.transact((tx) => tx.appendAudit(openingOf(incident)));
    const actor = { kind: 'signal', signal: 'SIGHUP' } as const;
    const own = { at: at(1).toISOString(), actor, outcome: { added: ['git02'] } };
    const two = await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'config-changed' }));
    const three = await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
    assert.deepEqual([two.sequence, two.incidentId, two.incidentEntry, two.previousHash], [2, null, null, one.hash]);
    assert.deepEqual([three.incidentEntry, three.previousHash], [2, two.hash]);
    assert.deepEqual(await auditTrail.list({}), [one, two, three]);
    assert.deepEqual(await auditTrail.list({ incidentId: incident.id }), [one, three]);
    assert.equal((await auditTrail.verify()).kind, 'intact');
  });

  test('the newest audit entry about the config is found among all others', async (t) => {
    const { store } = await open(t);
    const newest = () => store.transact((tx) => tx.newestConfigChange());
    assert.equal(await newest(), null);
    const incident = await openIncident(store);
    const other = () => store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
    await other();
    assert.equal(await newest(), null);
    const actor = { kind: 'bot', part: 'workflow' } as const;
    for (const file of ['first', 'second']) {
      const own = { at: at(1).toISOString(), actor, outcome: { file } };
      const entry = await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'config-changed' }));
      await store.transact((tx) => tx.appendOwnAct({ ...own, act: 'older-copy-found' }));
      await other();
      assert.deepEqual(await newest(), entry);
    }
  });

  test('the record refuses an audit entry that could not be read back', async (t) => {
    const { store, auditTrail } = await open(t);
    const incident = await openIncident(store);
    const draft = { ...auditDraft(incident.id), at: 'yesterday' };
    await assert.rejects(store.transact((tx) => tx.appendAudit(draft)));
    assert.deepEqual(await auditTrail.list({}), []);
  });

  test('audit verify calls an empty record intact, and names the last entry of one with entries', async (t) => {
    const { store, auditTrail } = await open(t);
    assert.deepEqual(await auditTrail.verify(), {
      ...{ kind: 'intact', entries: 0, last: null, checkpointed: 0, removals: { total: 0, newest: [] } },
    });
    const incident = await openIncident(store);
    const { sequence, hash } = await store.transact((tx) => tx.appendAudit(openingOf(incident)));
    assert.deepEqual(await auditTrail.verify(), {
      kind: 'intact',
      entries: 1,
      last: { sequence, hash },
      checkpointed: 0,
      removals: { total: 0, newest: [] },
    });
  });

  test('the record of an incident has its diagnoses, plans, decisions, verifications, audit entries and messages', async (t) => {
    const { store, outbox, auditTrail } = await open(t);
    const opened = await openIncident(store);
    await openIncident(store);
    const { plan, entries } = await store.transact(async (tx) => {
      const diagnosed = await putDiagnosis(tx, opened, DIAGNOSIS);
      const plan = await proposePlan(tx, opened);
      const proposed = await tx.appendAudit(auditDraft(opened.id, 'plan-proposed', plan));
      const verified = await putVerification(tx, plan, WELL);
      await tx.putMessage(statusMessage(opened));
      return { plan, entries: [diagnosed, proposed, verified] };
    });
    const decision = approvalOf(plan, BOB, 9);
    await store.transact((tx) => tx.insertDecision(decision));
    await outbox.markDelivered(`status:${opened.id}`, 1, '1700.1');
    assert.deepEqual(await auditTrail.incidentRecord(opened.id), {
      incident: opened,
      alerts: [],
      diagnoses: [DIAGNOSIS],
      plans: [{ plan, state: 'proposed', decisions: [decision], execution: null }],
      verifications: [{ verification: WELL, at: at(5).toISOString() }],
      entries,
      messages: [
        { body: statusMessage(opened).body, delivery: { kind: 'delivered', ts: '1700.1', at: at(0).toISOString() } },
      ],
    });
    assert.equal(await auditTrail.incidentRecord(IncidentId.parse(99)), null);
  });

  test('the record returns the newest diagnosis of an incident and the newest verification of a plan', async (t) => {
    const { store, auditTrail } = await open(t);
    const [incident, other] = [await openIncident(store), await openIncident(store)];
    const plan = await store.transact((tx) => proposePlan(tx, incident));
    const read = () =>
      store.transact(async (tx) => [
        await tx.diagnosis(incident.id),
        await tx.diagnosis(other.id),
        await tx.verification(plan.id),
      ]);
    assert.deepEqual(await read(), [null, null, null]);
    const later = { ...DIAGNOSIS, durationMs: 99.5 };
    await store.transact(async (tx) => {
      for (const opened of [incident, other]) await tx.appendAudit(openingOf(opened));
      await putDiagnosis(tx, incident, DIAGNOSIS);
      await putVerification(tx, plan, NOT_WELL);
      await putDiagnosis(tx, incident, later);
      await putVerification(tx, plan, WELL);
      await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan));
    });
    assert.deepEqual(await read(), [later, null, WELL]);
    assert.equal((await auditTrail.verify()).kind, 'intact');
  });

  test('an audit entry can belong to one diagnosis or verification only, and must exist', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const { plan, diagnosed, verified } = await store.transact(async (tx) => {
      const plan = await proposePlan(tx, incident);
      const diagnosed = await putDiagnosis(tx, incident, DIAGNOSIS);
      return { plan, diagnosed, verified: await putVerification(tx, plan, WELL) };
    });
    await assert.rejects(store.transact((tx) => tx.insertDiagnosis(diagnosed, DIAGNOSIS)));
    await assert.rejects(store.transact((tx) => tx.insertVerification(verified, NOT_WELL)));
    const missing = { ...verified, sequence: 99, planId: plan.id };
    await assert.rejects(store.transact((tx) => tx.insertDiagnosis(missing, DIAGNOSIS)));
    await assert.rejects(store.transact((tx) => tx.insertVerification(missing, WELL)));
    await assert.rejects(
      store.transact((tx) => tx.insertVerification(diagnosed, WELL)),
      /verifies no plan/,
    );
  });
}

function transactionContract(open: OpenStore): void {
  test('a transaction that throws changes nothing in the record, and passes on its error', async (t) => {
    const { store, auditTrail } = await open(t);
    const incident = await openIncident(store);
    const boom = new Error('boom');
    const work = store.transact(async (tx) => {
      const plan = await proposePlan(tx, incident);
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', currentPlan: plan.id });
      await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan));
      await tx.putMessage(statusMessage(incident));
      throw boom;
    });
    await assert.rejects(work, boom);
    assert.deepEqual(await auditTrail.incidentRecord(incident.id), {
      incident,
      alerts: [],
      diagnoses: [],
      plans: [],
      verifications: [],
      entries: [],
      messages: [],
    });
    const next = await store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
    assert.equal(next.sequence, 1);
  });

  test('the look of a night is ended once, and each host keeps its newest snapshot', async (t) => {
    const { store } = await open(t);
    const snapshot = { account: null, storageRoot: null, directories: [], links: [], mounts: null, fstab: [] };
    const path = HostPath.parse('/srv/registry');
    const ended = await store.transact(async (tx) => {
      assert.equal(await tx.isFleetLookEnded('2026-11-29'), false);
      assert.equal(await tx.hostSnapshot(GIT01), null);
      await tx.putHostSnapshot(GIT01, snapshot);
      await tx.putHostSnapshot(GIT01, { ...snapshot, storageRoot: path });
      return [await tx.endFleetLook('2026-11-29'), await tx.endFleetLook('2026-11-29')];
    });
    assert.deepEqual(ended, [true, false]);
    await store.transact(async (tx) => {
      assert.equal(await tx.isFleetLookEnded('2026-11-29'), true);
      assert.equal(await tx.isFleetLookEnded('2026-11-30'), false);
      assert.deepEqual(await tx.hostSnapshot(GIT01), { ...snapshot, storageRoot: path });
    });
  });

  test('a transaction that leaves a reference to a missing plan fails as a whole', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const dangling = { currentPlan: PlanId.parse('1-7') };
    await assert.rejects(store.transact((tx) => tx.moveIncident(incident.id, ['diagnosing'], dangling)));
    assert.deepEqual(await store.transact((tx) => tx.incident(incident.id)), incident);
  });

  test('transactions that are started at the same time run one after the other', async (t) => {
    const { store } = await open(t);
    const incident = await openIncident(store);
    const increment = () =>
      store.transact(async (tx) => {
        const entries = (await tx.auditEntries(incident.id)).length;
        await new Promise((resolve) => setImmediate(resolve));
        return { seen: entries, written: (await tx.appendAudit(auditDraft(incident.id))).sequence };
      });
    const results = await Promise.all(Array.from({ length: 20 }, increment));
    for (const { seen, written } of results) assert.equal(written, seen + 1);
  });

  test('a transaction started inside a transaction is an error, not a deadlock', async (t) => {
    const { store } = await open(t);
    const nested = store.transact(() => store.transact(async () => 'never'));
    await assert.rejects(nested, /transact was called inside transact/);
  });

  test('work that was started inside a transaction can start its own transaction after the first has ended', async (t) => {
    const { store } = await open(t);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    let later: Promise<string> | undefined;
    await store.transact(async () => {
      later = ended.then(() => store.transact(async () => 'done'));
    });
    end();
    assert.equal(await later, 'done');
  });

  test('using a transaction handle after it ends is rejected and writes nothing', async (t) => {
    const { store } = await open(t);
    const kept = await store.transact(async (tx) => ({ tx }));
    await assert.rejects(kept.tx.insertIncident(newIncident()));
    assert.equal(await store.transact((tx) => tx.incidentByRequest('request-1')), null);
  });
}

function approvalOf(plan: Plan, by: Actor, second: number) {
  const at_ = at(second).toISOString();
  return { planId: plan.id, planHash: plan.hash, verdict: 'approved', by, reason: null, at: at_ } as const;
}

/** As the last approval does: the state, and the intent. */
function approveAt(store: RecordStore, plan: Plan, second: number): Promise<void> {
  return store.transact(async (tx) => {
    assert.equal(await tx.movePlan(plan.id, 'proposed', 'approved'), true);
    await tx.insertExecution({
      planId: plan.id,
      intendedAt: at(second).toISOString(),
      finishedAt: null,
      outcome: null,
    });
  });
}
