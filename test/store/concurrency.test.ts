import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openTrail } from '../../src/store/open-record.ts';
import { skipUnless } from '../support/requirements.ts';
import { decide } from './decide.ts';
import { openPostgresAt, RecordServer } from './open-postgres.ts';
import { databasePath, openSqliteAt, type StoreUnderTest } from './open-store.ts';
import { StoreProcess } from './processes/store-process.ts';
import { at, BOB, openIncident, openingOf, proposePlan } from './samples.ts';

async function withProposedPlan(opened: StoreUnderTest) {
  const incident = await openIncident(opened.store);
  const plan = await opened.store.transact(async (tx) => {
    await tx.appendAudit(openingOf(incident));
    return proposePlan(tx, incident);
  });
  const assertDecidedOnce = async () => {
    const record = await opened.auditTrail.incidentRecord(incident.id);
    const decidedAt = at(20).toISOString();
    assert.deepEqual(record?.plans, [
      {
        plan,
        state: 'approved',
        decisions: [
          { planId: plan.id, planHash: plan.hash, verdict: 'approved', by: BOB, reason: null, at: decidedAt },
        ],
        execution: { planId: plan.id, intendedAt: decidedAt, finishedAt: null, outcome: null },
      },
    ]);
    assert.deepEqual(
      record?.entries.map(({ act }) => act),
      ['incident-opened', 'plan-approved', 'execution-intended'],
    );
    assert.equal((await opened.auditTrail.verify()).kind, 'intact');
  };
  return { ...opened, plan, assertDecidedOnce };
}

const postgres = new RecordServer();

type Dialect = {
  /** How many decide at once. */
  readonly times: number;
  readonly skip: string | false;
  readonly open: (t: TestContext) => Promise<{ readonly url: string; readonly opened: StoreUnderTest }>;
};

const DIALECTS: Readonly<Record<string, Dialect>> = {
  SQLite: {
    times: 1_000,
    skip: false,
    open: async (t) => {
      const path = await databasePath(t);
      return { url: `sqlite:${path}`, opened: await openSqliteAt(t, path) };
    },
  },
  Postgres: {
    times: 200,
    skip: skipUnless('postgres'),
    open: async (t) => {
      const place = await postgres.place();
      return { url: place.url, opened: await openPostgresAt(t, place) };
    },
  },
};

for (const [dialect, { times, skip, open }] of Object.entries(DIALECTS)) {
  test(`of ${times} simultaneous decisions on one plan a record on ${dialect} accepts exactly one`, {
    skip,
  }, async (t) => {
    const { opened } = await open(t);
    const { store, plan, assertDecidedOnce } = await withProposedPlan(opened);
    const decisions = await Promise.all(Array.from({ length: times }, () => decide(store, plan.id)));
    assert.equal(decisions.filter((isAccepted) => isAccepted).length, 1);
    await assertDecidedOnce();
  });

  test(`of ${times} simultaneous decisions on one plan in two processes a record on ${dialect} accepts exactly one`, {
    skip,
  }, async (t) => {
    const { url, opened } = await open(t);
    const { plan, assertDecidedOnce } = await withProposedPlan(opened);
    const deciders = [1, 2].map(() => new StoreProcess(t, 'decide', [url, plan.id, String(times / 2)]));
    await Promise.all(deciders.map((decider) => decider.said(1)));
    for (const decider of deciders) decider.go();
    const accepted = await Promise.all(deciders.map(async (decider) => Number((await decider.finished())[1])));
    assert.deepEqual(accepted.sort(), [0, 1]);
    await assertDecidedOnce();
  });
}

test('processes that create the audit record at the same moment and write to it together make one intact record', async (t) => {
  const path = await databasePath(t);
  await createTogether(
    t,
    Array.from({ length: 30 }, (_, n) => `sqlite:${path}-${n}`),
  );
});

test('processes that create the tables of a record on Postgres at the same moment and write to it together make one intact record', {
  skip: skipUnless('postgres'),
}, async (t) => {
  const server = await postgres.server;
  await createTogether(t, [server.url(await server.database()), server.url(await server.database())]);
});

async function createTogether(t: TestContext, urls: readonly string[]): Promise<void> {
  const writers = [1, 2].map(() => new StoreProcess(t, 'append', ['10', ...urls]));
  for (const [round, url] of urls.entries()) {
    await Promise.all(writers.map((writer) => writer.said(1 + round)));
    for (const writer of writers) writer.go();
    await Promise.all(writers.map((writer) => writer.said(2 + round)));
    const { auditTrail, close } = await openTrail({ url, passwordFile: null });
    const check = await auditTrail.verify();
    await close();
    assert.equal(check.kind, 'intact');
    assert.equal(check.entries, 20);
  }
}
