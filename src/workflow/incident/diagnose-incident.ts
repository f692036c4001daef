import { traitsOf } from '../../incident/quiet/traits.ts';
import { type Diagnosis, planOutlook, walkToShow } from '../../model/diagnosis/diagnosis.ts';
import type { Facts } from '../../model/host/facts.ts';
import type { Plan, PlanDraft } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { EndReason } from '../../model/record/end-reason.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident, IncidentState } from '../../model/record/incident.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import { digestOf } from '../../record/bodies.ts';
import type { WorkflowContext } from '../context.ts';
import { diagnoseCatchingFaults } from '../host/diagnose-host.ts';
import { supersedeOpenPlans } from '../plan/end-plan.ts';
import { proposePlan } from '../plan/propose-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { editStatus, postPicture, postVerdict } from '../record/messages.ts';
import { latestDiagnosisRequest } from '../record/read-entries.ts';
import { appendAct, BY_WORKFLOW, recordAct } from '../record/record-act.ts';
import { groupIncident } from './group-incidents.ts';
import { endMutedFault } from './mutes.ts';
import { registrySeen } from './registry-seen.ts';
import { resolveOpenIncidents } from './resolve-incidents.ts';

/**
 * Diagnoses the host of an incident in state `diagnosing`: probe, verdict, and a plan if one is right, all recorded in
 * one transaction. Can be run again after a crash, because nothing is final before that transaction.
 */
export async function diagnoseIncident(context: WorkflowContext, incident: Incident, askedBy: Actor): Promise<void> {
  const { store, settings, log, clock } = context;
  const host = settings.hosts.get(incident.host);
  if (host === undefined) return closeIncidentOfRemovedHost(context, incident);
  const asked = await store.transact((tx) => latestDiagnosisRequest(tx, incident));
  const showStage = (stage: 'connecting' | 'judging') =>
    store.transact(async (tx) => {
      if (await isStillAsked(tx, incident, asked)) await editStatus(tx, incident.id, { stage });
    });
  await showStage('connecting');
  const { diagnosis, facts } = await diagnoseCatchingFaults(context, host, () => showStage('judging'));
  log.info(
    {
      incident: incident.id,
      host: host.name,
      verdict: diagnosis.verdict,
      finding: diagnosis.findings[0]?.id,
      durationMs: diagnosis.durationMs,
    },
    'diagnosed',
  );
  const withPicture = context.canPostFiles === true;
  await store.transact((tx) =>
    recordDiagnosis(tx, { incident, asked, host, diagnosis, facts, askedBy, now: clock.now(), withPicture }),
  );
}

/**
 * Another process might have answered meanwhile (`fix` beside the bot), or someone might have requested again. Then
 * this diagnosis is too old.
 */
async function isStillAsked(
  tx: RecordTransaction,
  incident: Incident,
  asked: AuditEntry | undefined,
): Promise<boolean> {
  if ((await tx.incident(incident.id))?.state !== 'diagnosing') return false;
  return (await latestDiagnosisRequest(tx, incident))?.sequence === asked?.sequence;
}

type Recording = {
  incident: Incident;
  asked: AuditEntry | undefined;
  host: HostSettings;
  diagnosis: Diagnosis;
  facts: Facts | null;
  askedBy: Actor;
  now: Date;
  withPicture: boolean;
};

async function recordDiagnosis(tx: RecordTransaction, recording: Recording): Promise<void> {
  const { incident, asked, diagnosis, now } = recording;
  if (!(await isStillAsked(tx, incident, asked))) return;
  const isOurs = await tx.moveIncident(incident.id, ['diagnosing'], { verdict: diagnosis.verdict });
  if (!isOurs) return;
  const entry = await appendAct(tx, incident, {
    act: 'diagnosed',
    actor: BY_WORKFLOW,
    now,
    outcome: {
      verdict: diagnosis.verdict,
      findings: diagnosis.findings.map((finding) => finding.id),
      ...registrySeen(diagnosis),
      durationMs: Math.round(diagnosis.durationMs),
      ...digestOf(diagnosis),
    },
  });
  await tx.insertDiagnosis(entry, diagnosis);
  await groupByFacts(tx, recording);
  await postVerdict(tx, diagnosis, entry);
  if (recording.withPicture && isBroken(diagnosis)) await postPicture(tx, diagnosis, entry);
  await supersedeOpenPlans(tx, incident.host, now, { code: 'newer-diagnosis' });
  await editStatus(tx, incident.id, { stage: 'done', diagnosis, plan: null });
  const plan = diagnosis.plan === null ? null : await proposeFix(tx, recording, diagnosis.plan);
  await tx.moveIncident(incident.id, ['diagnosing'], endOf(recording, plan));
  await editStatus(tx, incident.id, {});
  if (diagnosis.verdict === 'healthy') await noteHealthy(tx, incident.host, now);
}

/** A healthy diagnosis tested the storage, so it ends what only a deeper look could notice, too. */
async function noteHealthy(tx: RecordTransaction, host: HostName, now: Date): Promise<void> {
  await endMutedFault(tx, { host, kind: 'deep-look', by: BY_WORKFLOW }, now);
  await resolveOpenIncidents(tx, host, now, { by: 'workflow', proof: 'diagnosis' });
}

/** What its host has in common with others shows which other incidents a fault belongs with. */
async function groupByFacts(tx: RecordTransaction, { incident, diagnosis, facts }: Recording): Promise<void> {
  if (facts === null || diagnosis.verdict !== 'faulty') return;
  await tx.saveTraits(incident.id, traitsOf(facts));
  await groupIncident(tx, incident);
}

/** A picture needs a path with something wrong on it. */
function isBroken(diagnosis: Diagnosis): boolean {
  return diagnosis.verdict === 'faulty' && walkToShow(diagnosis).length > 0;
}

/**
 * A faulty host keeps its incident open. An incident that monitoring or an alert opened stays open until the registry
 * is healthy, whatever the diagnosis says: otherwise each check, and each alert, would open another one.
 */
function endOf(
  { incident, diagnosis, now }: Recording,
  plan: Plan | null,
): { state: IncidentState; closedAt: string | null; currentPlan: Plan['id'] | null } {
  const isOpen = diagnosis.verdict === 'faulty' || ['bot', 'alert'].includes(incident.openedBy.kind);
  return {
    state: isOpen ? 'open' : 'closed',
    closedAt: isOpen ? null : now.toISOString(),
    currentPlan: plan?.id ?? null,
  };
}

function proposeFix(
  tx: RecordTransaction,
  { incident, host, diagnosis, askedBy, now }: Recording,
  draft: PlanDraft,
): Promise<Plan> {
  return proposePlan(tx, { incidentId: incident.id, host, askedBy, now, draft, outlook: planOutlook(diagnosis) });
}

/** The host was removed from the config while its incident was open. */
async function closeIncidentOfRemovedHost({ store, clock }: WorkflowContext, incident: Incident): Promise<void> {
  await store.transact((tx) => closeIncident(tx, incident, { now: clock.now(), why: { code: 'host-removed' } }));
}

async function closeIncident(
  tx: RecordTransaction,
  incident: Incident,
  { now, why }: { readonly now: Date; readonly why: EndReason },
): Promise<void> {
  const isOurs = await tx.moveIncident(incident.id, ['diagnosing'], { state: 'closed', closedAt: now.toISOString() });
  if (!isOurs) return;
  await recordAct(tx, incident, { act: 'incident-closed', actor: BY_WORKFLOW, now, outcome: { why } });
  await editStatus(tx, incident.id, { stage: 'done' });
}
