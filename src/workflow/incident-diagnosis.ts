import { connectionFinding } from '../checks/connection-findings.ts';
import type { Actor } from '../model/actor.ts';
import type { AuditEntry } from '../model/audit.ts';
import { type Diagnosis, planOutlook } from '../model/diagnosis.ts';
import type { HostName, IncidentId } from '../model/ids.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import type { Plan, PlanDraft } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import { diagnoseHost, inconclusive } from './diagnose-host.ts';
import { lastAsked } from './last-asked.ts';
import { editStatus, postRecordLine, postVerdict } from './messages.ts';
import { BY_WORKFLOW } from './plan-record.ts';
import type { RecordTransaction } from './ports.ts';
import { proposePlan } from './propose-plan.ts';
import { resolveOpenIncidents } from './resolve-incidents.ts';
import { supersedeOpenPlans } from './supersede-plans.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * The diagnosis of an incident that is in state `diagnosing`: probe, verdict, and one plan where a plan is right, all of
 * it on record in one transaction. May be run again after a crash: until that transaction nothing is final.
 */
export async function diagnoseIncident(surroundings: Surroundings, incident: Incident, askedBy: Actor): Promise<void> {
  const { store, settings, log, clock } = surroundings;
  const host = settings.hosts.get(incident.host);
  if (host === undefined) return closeForgottenHost(surroundings, incident);
  const asked = await store.transact((tx) => lastAsked(tx, incident));
  const showStage = (stage: 'connecting' | 'judging') =>
    store.transact(async (tx) => {
      if (await isStillAsked(tx, incident, asked)) await editStatus(tx, incident.id, { stage });
    });
  await showStage('connecting');
  const diagnosis = await diagnoseOrTellWhyNot(surroundings, host, () => showStage('judging'));
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
  await store.transact((tx) => recordDiagnosis(tx, { incident, asked, host, diagnosis, askedBy, now: clock.now() }));
}

/** Another process may have answered meanwhile (`fix` beside the bot), and somebody may have asked anew: then this look is too old. */
async function isStillAsked(
  tx: RecordTransaction,
  incident: Incident,
  asked: AuditEntry | undefined,
): Promise<boolean> {
  if ((await tx.incident(incident.id))?.state !== 'diagnosing') return false;
  return (await lastAsked(tx, incident))?.sequence === asked?.sequence;
}

/** A fault of ours in judging one host's answer ends that diagnosis, and says so: else it would be tried for ever. */
async function diagnoseOrTellWhyNot(
  surroundings: Surroundings,
  host: HostSettings,
  onProbed: () => Promise<void>,
): Promise<Diagnosis> {
  try {
    return (await diagnoseHost(surroundings, host, onProbed)).diagnosis;
  } catch (error) {
    surroundings.log.error({ err: error, host: host.name }, 'a diagnosis failed');
    const why = `the bot failed on it (${error instanceof Error ? error.message : String(error)})`;
    return inconclusive(host, connectionFinding('probe-malformed', why), 0);
  }
}

type Recording = {
  incident: Incident;
  asked: AuditEntry | undefined;
  host: HostSettings;
  diagnosis: Diagnosis;
  askedBy: Actor;
  now: Date;
};

async function recordDiagnosis(tx: RecordTransaction, recording: Recording): Promise<void> {
  const { incident, asked, diagnosis, now } = recording;
  if (!(await isStillAsked(tx, incident, asked))) return;
  const isOurs = await tx.moveIncident(incident.id, ['diagnosing'], { verdict: diagnosis.verdict });
  if (!isOurs) return;
  const entry = await tx.appendAudit({
    at: now.toISOString(),
    incidentId: incident.id,
    actor: BY_WORKFLOW,
    act: 'diagnosed',
    planId: null,
    planHash: null,
    outcome: {
      verdict: diagnosis.verdict,
      findings: diagnosis.findings.map((finding) => finding.id),
      durationMs: Math.round(diagnosis.durationMs),
    },
  });
  await postVerdict(tx, diagnosis, entry);
  await supersedeOpenPlans(tx, incident.host, now, 'a newer diagnosis of the host');
  await editStatus(tx, incident.id, { stage: 'done', diagnosis, plan: null });
  const plan = diagnosis.plan === null ? null : await proposeFix(tx, recording, diagnosis.plan);
  await tx.moveIncident(incident.id, ['diagnosing'], endOf(recording, plan));
  if (diagnosis.verdict === 'healthy')
    await resolveOpenIncidents(tx, incident.host, now, { by: 'workflow', proof: 'diagnosis' });
}

/**
 * A faulty host keeps its incident open. What the watch opened stays open until the registry is seen well, whatever could
 * be learned: else each look would open another one.
 */
function endOf(
  { incident, diagnosis, now }: Recording,
  plan: Plan | null,
): { state: IncidentState; closedAt: string | null; currentPlan: Plan['id'] | null } {
  const isOpen = diagnosis.verdict === 'faulty' || incident.openedBy.kind === 'bot';
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

/** The host was taken out of the config while its incident was open. */
async function closeForgottenHost({ store, clock }: Surroundings, incident: Incident): Promise<void> {
  await store.transact((tx) =>
    closeIncident(tx, incident.id, incident.host, clock.now(), 'the host is no longer in the config file'),
  );
}

async function closeIncident(
  tx: RecordTransaction,
  id: IncidentId,
  host: HostName,
  now: Date,
  why: string,
): Promise<void> {
  if (!(await tx.moveIncident(id, ['diagnosing'], { state: 'closed', closedAt: now.toISOString() }))) return;
  const entry = await tx.appendAudit({
    at: now.toISOString(),
    incidentId: id,
    actor: BY_WORKFLOW,
    act: 'incident-closed',
    planId: null,
    planHash: null,
    outcome: { why },
  });
  await postRecordLine(tx, host, entry);
  await editStatus(tx, id, { stage: 'done' });
}
