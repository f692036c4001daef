/**
 * Fills the disk under the record, clicks Approve, makes room and clicks again. Says as JSON what came of each click, and
 * what the record says in between.
 */
import { appendFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { decide } from '../decide.ts';
import { auditDraft, openIncident, openingOf, planCard, proposePlan, standingClock } from '../samples.ts';

const [file = ''] = process.argv.slice(2);
const { store, auditTrail, close } = await openSqliteStore(`sqlite:${file}`, { clock: standingClock() });
const incident = await openIncident(store);
const { id } = await store.transact(async (tx) => {
  await tx.appendAudit(openingOf(incident));
  const plan = await proposePlan(tx, incident);
  await tx.putMessage(planCard(plan, await tx.appendAudit(auditDraft(incident.id, 'plan-proposed', plan))));
  return plan;
});
const filler = join(dirname(file), 'filler');
for (const size of [100_000, 1_000]) {
  try {
    for (;;) appendFileSync(filler, Buffer.alloc(size));
  } catch {
    // The disk is full.
  }
}

const click = () =>
  decide(store, id).catch((error: unknown) => (error instanceof StoreUnavailable ? error.problem.kind : String(error)));
const stateOf = () =>
  store.transact(async (tx) => [(await tx.plan(id))?.state, await tx.execution(id), (await tx.decisions(id)).length]);

// The write-ahead log may have room for a few more.
let full = await click();
for (let tries = 0; full !== 'disk-full' && tries < 3; tries += 1) full = await click();
const meanwhile = await stateOf();
rmSync(filler);
const afterwards = await click();
const { kind } = await auditTrail.verify();
console.log(JSON.stringify({ full, meanwhile, afterwards, kind }));
await close();
