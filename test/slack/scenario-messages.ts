import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { type Diagnosis, planOutlook } from '../../src/model/diagnosis/diagnosis.ts';
import type { ApplyOutcome } from '../../src/model/plan/execution.ts';
import type { Plan, PlanState } from '../../src/model/plan/plan.ts';
import type { Actor } from '../../src/model/record/actor.ts';
import { IncidentId, PlanId, Sha256, TeamId, UserId } from '../../src/model/record/ids.ts';
import type { StatusMessage, UnmonitoredMessage } from '../../src/model/record/messages/status-message.ts';
import type { ThreadMessage } from '../../src/model/record/messages/thread-message.ts';
import { sealPlan } from '../../src/record/plan-seal.ts';
import { incidentFacts } from '../support/facts/incident-facts.ts';

export const INCIDENT = IncidentId.parse(142);
export const ALICE: Actor = { kind: 'slack-user', team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0ALICE') };
export const BOB: Actor = { kind: 'slack-user', team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0BOB') };

const ANSWERS_OK = { url: 'http://127.0.0.1:5000/v2/', status: 200, body: '{}' };
const OPENED_AT = '2026-11-23T14:02:10.000Z';
const APPROVED_AT = '2026-11-23T14:04:30.000Z';
const RESOLVED_AT = '2026-11-23T14:06:15.000Z';

/** An audit entry's mark; the same number gives the same hash. */
export function mark(sequence: number) {
  return { sequence, hash: Sha256.parse(`sha256:${sequence.toString(16).padStart(2, '0').repeat(32)}`) };
}

const JUDGED = judgeFacts(incidentFacts());

/** The diagnosis of the incident that the product exists for. */
export function incidentDiagnosis(): Diagnosis {
  return { ...JUDGED, durationMs: 412 };
}

/** The plan that {@link incidentDiagnosis} proposes, sealed; the same one each time. */
export function incidentPlan(): Plan {
  const draft = incidentDiagnosis().plan;
  if (draft === null) throw new Error('the incident has a plan');
  return sealPlan(draft, {
    id: PlanId.parse('142-1'),
    incidentId: INCIDENT,
    requestedBy: ALICE,
    now: new Date('2026-11-23T14:02:11.000Z'),
    ttlMinutes: 15,
    nonce: 'f'.repeat(32),
    requesterSalt: 'e'.repeat(32),
  });
}

export function statusMessage(change: Partial<StatusMessage> = {}): StatusMessage {
  const diagnosis = incidentDiagnosis();
  return {
    kind: 'status',
    incidentId: INCIDENT,
    host: diagnosis.host,
    openedBy: ALICE,
    openedAt: OPENED_AT,
    stage: 'done',
    diagnosis,
    plan: {
      id: PlanId.parse('142-1'),
      state: 'proposed',
      approvers: { users: [UserId.parse('U0BOB'), UserId.parse('U0CAROL')], groups: [] },
    },
    recordEntries: 4,
    resolvedAt: null,
    isOpen: true,
    ...change,
  };
}

export function verdictMessage(diagnosis = incidentDiagnosis()): Extract<ThreadMessage, { kind: 'verdict' }> {
  return { kind: 'verdict', incidentId: INCIDENT, diagnosis, earlier: [mark(2)], record: mark(3) };
}

export function planMessage(
  state: PlanState = 'proposed',
  plan = incidentPlan(),
): Extract<ThreadMessage, { kind: 'plan' }> {
  const decided = !['proposed', 'expired', 'superseded', 'withdrawn'].includes(state);
  const verdict = state === 'rejected' ? 'rejected' : 'approved';
  const decision = decided ? ({ by: BOB, at: APPROVED_AT, verdict, reason: null } as const) : null;
  const approvals = decided && verdict === 'approved' ? [{ by: BOB, at: APPROVED_AT }] : [];
  const outlook = planOutlook(incidentDiagnosis());
  return { kind: 'plan', plan, state, decision, review: { needed: 1, approvals }, outlook, record: mark(4) };
}

export function executionMessage(
  outcome: ApplyOutcome = appliedOutcome(),
  plan = incidentPlan(),
): Extract<ThreadMessage, { kind: 'execution' }> {
  return { kind: 'execution', plan, outcome, approval: { by: [BOB], at: APPROVED_AT }, record: mark(9) };
}

export function appliedOutcome(plan = incidentPlan()): ApplyOutcome {
  const steps = plan.steps.map(({ path, from, to }) => ({
    ...{ path, before: String(from), after: String(to) },
    ...{ was: null, is: null },
  }));
  return { kind: 'applied', steps, tried: { result: 'allowed' } };
}

export function staleOutcome(plan = incidentPlan()): ApplyOutcome {
  const [first] = plan.steps;
  if (first === undefined) throw new Error('a plan has a step');
  return { kind: 'stale', path: first.path, expected: String(first.from), found: '0755' };
}

export function wellAgainMessage(): Extract<ThreadMessage, { kind: 'verification' }> {
  return {
    kind: 'verification',
    plan: incidentPlan(),
    outcome: appliedOutcome(),
    verification: { kind: 'well', afterMs: 2_100, v2: ANSWERS_OK, health: ANSWERS_OK },
    approval: { by: [BOB], at: APPROVED_AT },
    earlier: [mark(7), mark(8), mark(9)],
    record: mark(10),
  };
}

export function recordMessage(): Extract<ThreadMessage, { kind: 'record' }> {
  const plan = incidentPlan();
  return {
    kind: 'record',
    host: plan.host,
    entry: {
      ...mark(7),
      at: APPROVED_AT,
      incidentId: INCIDENT,
      incidentEntry: 4,
      actor: BOB,
      act: 'plan-endorsed',
      planId: plan.id,
      planHash: plan.hash,
      outcome: { approval: 1, needed: 2 },
      salts: {},
      previousHash: mark(6).hash,
    },
  };
}

/** git01 can't be checked: sshd does not answer. */
export function unmonitoredMessage(change: Partial<UnmonitoredMessage> = {}): UnmonitoredMessage {
  const at = { address: '10.0.0.5', port: 22, user: 'doctor' };
  return {
    kind: 'unmonitored',
    incidentId: IncidentId.parse(143),
    host: incidentDiagnosis().host,
    openedAt: '2026-11-23T14:12:30.000Z',
    since: '2026-11-23T14:02:30.000Z',
    lastSeenAt: '2026-11-23T14:02:00.000Z',
    why: { code: 'no-answer', why: { code: 'ssh', problem: { code: 'connect-timed-out', at, timeoutMs: 10_000 } } },
    seenAgainAt: null,
    ...change,
  };
}

/** The thread of the incident from beginning to end, as it would be read afterwards. */
export function wholeThread(): readonly ThreadMessage[] {
  return [
    statusMessage({
      plan: { id: PlanId.parse('142-1'), state: 'applied' },
      recordEntries: 10,
      resolvedAt: RESOLVED_AT,
    }),
    verdictMessage(),
    planMessage('applied'),
    wellAgainMessage(),
  ];
}
