import assert from 'node:assert/strict';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { IncidentId } from '../../src/model/record/ids.ts';
import { outcomeInEntry } from '../../src/record/outcome.ts';
import type { RecordStore } from '../../src/workflow/ports/record.ts';
import { decide } from './decide.ts';
import {
  at,
  auditDraft,
  DIAGNOSIS,
  openIncident,
  openingOf,
  proposePlan,
  putDiagnosis,
  putVerification,
  WELL,
} from './samples.ts';

/** Puts an incident on record from its first entry to its last: diagnosed, planned, approved, run and healthy again. Eight entries. */
export async function fixedIncident(store: RecordStore): Promise<IncidentId> {
  const incident = await openIncident(store);
  const { id } = incident;
  const plan = await store.transact(async (tx) => {
    await tx.appendAudit(openingOf(incident));
    await putDiagnosis(tx, incident, DIAGNOSIS);
    const proposed = await proposePlan(tx, incident);
    await tx.appendAudit({ ...auditDraft(id, 'plan-proposed', proposed), outcome: {} });
    return proposed;
  });
  assert.ok(await decide(store, plan.id));
  const [step] = plan.steps;
  const steps = step === undefined ? [] : [{ path: step.path, before: '0750', after: '0751', was: null, is: null }];
  const outcome: ApplyOutcome = { kind: 'applied', steps, tried: { result: 'allowed' } };
  await store.transact(async (tx) => {
    const finishedAt = at(22).toISOString();
    await tx.movePlan(plan.id, 'approved', 'executing');
    await tx.finishExecution({ planId: plan.id, intendedAt: at(20).toISOString(), finishedAt, outcome });
    await tx.movePlan(plan.id, 'executing', 'applied');
    const finished = {
      ...auditDraft(id, 'execution-finished', plan),
      at: finishedAt,
      outcome: outcomeInEntry(outcome),
    };
    await tx.appendAudit(finished);
    await putVerification(tx, plan, WELL);
    const closedAt = at(40).toISOString();
    await tx.moveIncident(id, ['diagnosing', 'open'], { state: 'resolved', closedAt });
    await tx.appendAudit({ ...auditDraft(id, 'incident-resolved'), at: closedAt, outcome: {} });
  });
  return id;
}
