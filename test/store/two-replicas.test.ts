import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { HostName } from '../../src/model/record/ids.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';
import { openIncident } from '../../src/workflow/incident/open-incident.ts';
import type { RecordStore } from '../../src/workflow/ports/record.ts';
import { postPlanCard } from '../../src/workflow/record/messages.ts';
import { appendAct } from '../../src/workflow/record/record-act.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';
import { IN_MEMORY } from '../support/in-memory.ts';
import { seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';
import { openPostgresAt, RecordServer } from './open-postgres.ts';
import { openSqliteAt, type StoreUnderTest } from './open-store.ts';
import { StoreProcess } from './processes/store-process.ts';
import { ALICE, at, CHANNEL } from './samples.ts';

/** Two replicas decide on the same plans of one record, and both take up whatever was approved. */

const TRIALS = Number(process.env['RD_TRIALS'] ?? 200);
/** A server is asked for each statement. */
const TRIALS_ON_POSTGRES = Math.ceil(TRIALS / 10);
const BATCH = 100;
const seed = seedOfRun();

test(`two replicas that decide on ${TRIALS} plans at once never both run the same plan (RD_SEED=${seed})`, async (t) => {
  // What is shown is who wins, not that a disk keeps it.
  const directory = await mkdtemp(join(IN_MEMORY, 'rd-replicas-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, 'record.db');
  await decideTogether(t, { url: `sqlite:${path}`, trials: TRIALS }, await openSqliteAt(t, path));
});

const postgres = new RecordServer();

test(`two replicas that decide on ${TRIALS_ON_POSTGRES} plans of a record on Postgres never both run the same plan (RD_SEED=${seed})`, {
  skip: skipUnless('postgres'),
}, async (t) => {
  const place = await postgres.place();
  await decideTogether(t, { url: place.url, trials: TRIALS_ON_POSTGRES }, await openPostgresAt(t, place));
});

async function decideTogether(
  t: TestContext,
  { url, trials }: { readonly url: string; readonly trials: number },
  { store, auditTrail }: StoreUnderTest,
): Promise<void> {
  for (let first = 1; first <= trials; first += BATCH) await propose(store, first, Math.min(first + BATCH, trials + 1));

  const replicas = ['UBOB', 'UCAROL'].map(
    (user, index) => new StoreProcess(t, 'decide-and-run', [url, user, String(seed + index), String(trials)]),
  );
  await Promise.all(replicas.map((replica) => replica.said(1)));
  for (const replica of replicas) replica.go();
  const said = await Promise.all(replicas.map(async (replica) => (await replica.finished())[1] ?? ''));

  const ran = said.flatMap((line) => line.split(' ').filter((id) => id !== ''));
  assert.equal(new Set(ran).size, ran.length, 'a plan was run twice');
  const entries = await auditTrail.list({});
  const plansWith = (act: string) => entries.filter((entry) => entry.act === act).map(({ planId }) => planId ?? '');
  const approved = plansWith('plan-approved');
  const ends = [
    ...approved,
    ...plansWith('plan-rejected'),
    ...plansWith('plan-expired'),
    ...plansWith('plan-superseded'),
  ];
  assert.deepEqual(approved.toSorted(), ran.toSorted(), 'exactly what was approved has run');
  assert.equal(new Set(ends).size, ends.length, 'a plan has come to two ends');
  assert.equal(ends.length, trials);
  assert.equal((await auditTrail.verify()).kind, 'intact');
  t.diagnostic(`${approved.length} approved and run, ${trials - approved.length} ended otherwise`);
}

function propose(store: RecordStore, from: number, to: number): Promise<void> {
  const draft = judgeFacts(incidentFacts()).plan ?? assert.fail();
  return store.transact(async (tx) => {
    for (let number = from; number < to; number += 1) {
      const host = HostName.parse(`git${number}`);
      const request = { host, channel: CHANNEL, openedBy: ALICE, requestKey: `replica-${number}`, now: at(0) };
      const { incident } = await openIncident(tx, request);
      const seal = {
        incidentId: incident.id,
        requestedBy: ALICE,
        now: at(0),
        ttlMinutes: 15,
        nonce: 'f'.repeat(32),
        requesterSalt: 'e'.repeat(32),
      };
      const plan = sealPlan({ ...draft, host }, { ...seal, id: await tx.nextPlanId(incident.id) });
      await tx.insertPlan(plan);
      await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', currentPlan: plan.id });
      await postPlanCard(tx, plan, 1, await appendAct(tx, plan, { act: 'plan-proposed', actor: ALICE, now: at(0) }));
    }
  });
}
