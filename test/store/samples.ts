import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import type { Diagnosis } from '../../src/model/diagnosis/diagnosis.ts';
import type { Verification } from '../../src/model/plan/execution.ts';
import { type Plan, PlanDraft } from '../../src/model/plan/plan.ts';
import type { Actor } from '../../src/model/record/actor.ts';
import type { Act, AuditDraft, IncidentEntry } from '../../src/model/record/audit.ts';
import { ChannelId, HostName, type IncidentId, TeamId, UserId } from '../../src/model/record/ids.ts';
import type { Incident } from '../../src/model/record/incident.ts';
import type { EntryMark, ThreadMessage } from '../../src/model/record/messages/thread-message.ts';
import { digestOf } from '../../src/record/bodies.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';
import { registrySeen } from '../../src/workflow/incident/registry-seen.ts';
import type { Clock } from '../../src/workflow/ports/bot.ts';
import type { DesiredMessage } from '../../src/workflow/ports/messages.ts';
import type { NewIncident, RecordStore, RecordTransaction } from '../../src/workflow/ports/record.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

export const GIT01 = HostName.parse('git01');
export const CHANNEL = ChannelId.parse('C0123456');
export const ALICE: Actor = { kind: 'slack-user', team: TeamId.parse('T1'), user: UserId.parse('UALICE') };
export const BOB: Actor = { kind: 'slack-user', team: TeamId.parse('T1'), user: UserId.parse('UBOB') };
export const WORKFLOW: Actor = { kind: 'bot', part: 'workflow' };

/** A moment, by its second after 14:02. */
export const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 14, 2, second));

/** A clock that stands where it is put. */
export function standingClock(): Clock & { set(now: Date): void } {
  let now = at(0);
  return {
    now: () => now,
    sleep: async () => {},
    set(moment) {
      now = moment;
    },
  };
}

export function newIncident(change: Partial<NewIncident> = {}): NewIncident {
  return {
    host: GIT01,
    channel: CHANNEL,
    openedBy: ALICE,
    openedAt: at(0).toISOString(),
    requestKey: 'request-1',
    ...change,
  };
}

/** Opens an incident of its own, whatever others there are. No entry says so: a record that is verified has {@link openingOf} it. */
export async function openIncident(store: RecordStore, change: Partial<NewIncident> = {}): Promise<Incident> {
  openedSoFar += 1;
  const requestKey = `opened-${process.pid}-${openedSoFar}`;
  const incident = await store.transact((tx) => tx.insertIncident(newIncident({ requestKey, ...change })));
  if (incident === null) throw new Error('the request key was taken');
  return incident;
}
let openedSoFar = 0;

const DRAFT = PlanDraft.parse({
  host: 'git01',
  bootId: null,
  hostname: 'git01',
  risk: 'low',
  identity: { user: 'registry', uid: 993, gid: 993, groups: [], dacOverride: false, dacReadSearch: false },
  storageRoot: '/data/vol1/ops/disk4t/registry',
  steps: [
    {
      action: 'chmod',
      path: '/data/vol1/ops',
      from: '0750',
      to: '0751',
      gains: 'other',
      gainingPrincipal: 'everybody',
      precondition: { device: '2049', inode: '18446744073709551615', mode: '0750', uid: 0, gid: 1500 },
    },
  ],
  clearsEveryBlocker: true,
});

export async function proposePlan(tx: RecordTransaction, incident: Incident, now = at(10)): Promise<Plan> {
  const plan = sealPlan(
    { ...DRAFT, host: incident.host },
    {
      id: await tx.nextPlanId(incident.id),
      incidentId: incident.id,
      requestedBy: ALICE,
      now,
      ttlMinutes: 15,
      nonce: 'f'.repeat(32),
      requesterSalt: 'e'.repeat(32),
    },
  );
  await tx.insertPlan(plan);
  return plan;
}

export function auditDraft(incidentId: IncidentId, act: Act = 'diagnosed', plan: Plan | null = null): AuditDraft {
  return {
    at: at(5).toISOString(),
    incidentId,
    actor: WORKFLOW,
    act,
    planId: plan?.id ?? null,
    planHash: plan?.hash ?? null,
    outcome: { verdict: 'faulty', findings: ['untraversable-ancestor'], durationMs: 312 },
  };
}

/** The entry that opens the incident. */
export function openingOf({ id, host, openedAt, openedBy }: Incident): AuditDraft {
  return { ...auditDraft(id, 'incident-opened'), at: openedAt, actor: openedBy, outcome: { host } };
}

export const DIAGNOSIS: Diagnosis = { ...judgeFacts(incidentFacts()), durationMs: 312.25 };

const ANSWER = { url: 'http://127.0.0.1:5000/v2/', status: 200, body: '{}' };
export const WELL: Verification = { kind: 'well', afterMs: 900, v2: ANSWER, health: null };
export const NOT_WELL: Verification = {
  kind: 'not-well',
  afterMs: 45_000,
  v2: null,
  health: null,
  why: { code: 'still-unhealthy' },
};

/** Puts a diagnosis on record under an entry of its own. */
export async function putDiagnosis(
  tx: RecordTransaction,
  { id }: Incident,
  diagnosis: Diagnosis,
): Promise<IncidentEntry> {
  const entry = await tx.appendAudit({
    ...auditDraft(id),
    outcome: { verdict: diagnosis.verdict, ...registrySeen(diagnosis), ...digestOf(diagnosis) },
  });
  await tx.insertDiagnosis(entry, diagnosis);
  return entry;
}

/** Puts a verification after the plan on record under an entry of its own. */
export async function putVerification(
  tx: RecordTransaction,
  plan: Plan,
  verification: Verification,
): Promise<IncidentEntry> {
  const draft = auditDraft(plan.incidentId, 'verified', plan);
  const entry = await tx.appendAudit({ ...draft, outcome: digestOf(verification) });
  await tx.insertVerification(entry, verification);
  return entry;
}

export function statusBody(incident: Incident, recordEntries = 0): ThreadMessage {
  return {
    kind: 'status',
    incidentId: incident.id,
    host: incident.host,
    openedBy: incident.openedBy,
    openedAt: incident.openedAt,
    stage: 'queued',
    diagnosis: null,
    plan: null,
    recordEntries,
    resolvedAt: null,
    isOpen: true,
  };
}

export function statusMessage(incident: Incident, recordEntries = 0): DesiredMessage {
  return {
    key: `status:${incident.id}`,
    incidentId: incident.id,
    placement: 'channel',
    body: statusBody(incident, recordEntries),
  };
}

export function planCard(plan: Plan, record: EntryMark, state: 'proposed' | 'approved' = 'proposed'): DesiredMessage {
  return {
    key: `plan:${plan.id}`,
    incidentId: plan.incidentId,
    placement: 'thread',
    body: {
      kind: 'plan',
      plan,
      state,
      decision: null,
      review: { needed: 1, approvals: [] },
      record: { sequence: record.sequence, hash: record.hash },
    },
  };
}

/** Appends an entry and puts the line that tells of it. */
export async function recordLine(tx: RecordTransaction, draft: AuditDraft): Promise<DesiredMessage> {
  const entry = await tx.appendAudit(draft);
  const message: DesiredMessage = {
    key: `record:${entry.sequence}`,
    incidentId: entry.incidentId,
    placement: 'thread',
    body: { kind: 'record', host: GIT01, entry },
  };
  await tx.putMessage(message);
  return message;
}
