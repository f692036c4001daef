import type { Verification } from '../../model/plan/execution.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { digestOf } from '../../record/bodies.ts';
import type { WorkflowContext } from '../context.ts';
import { askRegistry, isHealthy, type RegistryAnswer } from '../host/ask-registry.ts';
import { noteFixed } from '../incident/flapping.ts';
import { resolveOpenIncidents } from '../incident/resolve-incidents.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus, postVerification } from '../record/messages.ts';
import { numbersAtEnd } from '../record/read-entries.ts';
import { appendAct, BY_WORKFLOW } from '../record/record-act.ts';

/** The registry checks its storage every 10 s by default; three ticks and a margin. */
const LIMIT_MS = 45_000;
const ASK_EVERY_MS = 500;

/**
 * After a change: asks the registry until it is healthy or the time is up, and records the answer. Does nothing unless
 * the incident's plan was applied and not verified yet, so it can be called again after a crash. `host`: null if it was
 * removed from the config. The outcome then has no answer of the registry.
 */
export async function verifyRecovery(
  context: WorkflowContext,
  incidentId: IncidentId,
  host: HostSettings | null,
  stop: AbortSignal,
): Promise<void> {
  const isWaiting = await context.store.transact((tx) => waitsForVerification(tx, incidentId));
  if (!isWaiting) return;
  const verification = host === null ? HOST_REMOVED : await pollUntilWell(context, host, stop);
  if (verification === null) return;
  await context.store.transact((tx) => recordVerification(tx, context, { incidentId, verification }));
}

const HOST_REMOVED: Verification = {
  kind: 'not-asked',
  afterMs: 0,
  why: { code: 'host-removed' },
};

async function waitsForVerification(tx: RecordTransaction, incidentId: IncidentId): Promise<boolean> {
  const incident = await tx.incident(incidentId);
  if (incident?.state !== 'executing' || incident.currentPlan === null) return false;
  return (await tx.plan(incident.currentPlan))?.state === 'applied';
}

async function pollUntilWell(
  context: WorkflowContext,
  host: HostSettings,
  stop: AbortSignal,
): Promise<Verification | null> {
  const { clock } = context;
  const startedAt = clock.now().getTime();
  let last: RegistryAnswer | null = null;
  while (!stop.aborted) {
    last = await askRegistry(context.remote, host);
    const afterMs = clock.now().getTime() - startedAt;
    if (isHealthy(last)) {
      return { kind: 'well', afterMs, v2: last.v2, health: last.health };
    }
    if (afterMs > LIMIT_MS) {
      return {
        kind: 'not-well',
        afterMs,
        v2: last.v2,
        health: last.health,
        why: last.why ?? { code: 'still-unhealthy' },
      };
    }
    await clock.sleep(ASK_EVERY_MS, stop);
  }
  return null;
}

async function recordVerification(
  tx: RecordTransaction,
  { clock }: WorkflowContext,
  about: { incidentId: IncidentId; verification: Verification },
): Promise<void> {
  const { incidentId, verification } = about;
  const now = clock.now();
  const isResolved = verification.kind === 'well';
  const incident = await tx.incident(incidentId);
  const stored = incident?.currentPlan == null ? null : await tx.plan(incident.currentPlan);
  if (incident === null || stored === null) return;
  const moved = await tx.moveIncident(incidentId, ['executing'], {
    state: isResolved ? 'resolved' : 'open',
    closedAt: isResolved ? now.toISOString() : null,
  });
  if (!moved) return;
  const { plan } = stored;
  const outcome = (await tx.execution(plan.id))?.outcome ?? null;
  const end = isResolved ? { numbers: await numbersAtEnd(tx, incidentId, now) } : {};
  const entry = await appendAct(tx, plan, {
    act: 'verified',
    actor: BY_WORKFLOW,
    now,
    outcome: {
      registry: verification.kind,
      afterMs: Math.round(verification.afterMs),
      ...digestOf(verification),
      ...end,
    },
  });
  await tx.insertVerification(entry, verification);
  if (outcome !== null) await postVerification(tx, { plan, outcome, verification }, entry);
  await editStatus(tx, incidentId, isResolved ? { resolvedAt: now.toISOString(), ...end } : {});
  if (!isResolved) return;
  await noteFixed(tx, incident, now);
  await resolveOpenIncidents(tx, incident.host, now, { by: 'workflow', proof: 'own-word' });
}
