import { randomUUID } from 'node:crypto';
import { nextPlanState } from '../approval/plan-transitions.ts';
import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import type { ApplyOutcome } from '../model/plan/execution.ts';
import type { Plan, PlanState } from '../model/plan/plan.ts';
import type { SignatureProblem } from '../model/plan/signature-problem.ts';
import type { Actor } from '../model/record/actor.ts';
import type { Incident } from '../model/record/incident.ts';
import type { PrivateAnswer } from '../model/record/messages/private-answer.ts';
import type { HostSettings } from '../model/settings/settings.ts';
import type { WorkflowContext } from './context.ts';
import { executePlan } from './execution/execute-plan.ts';
import type { OnUnknown } from './execution/settle-execution.ts';
import { diagnoseIncident } from './incident/diagnose-incident.ts';
import { openIncident } from './incident/open-incident.ts';
import { type Asking, joinOrOpen } from './incident/request-diagnosis.ts';
import type { RecordTransaction } from './ports/record.ts';
import { recordAct } from './record/record-act.ts';
import { refusalOfPlan } from './review/decide-plan.ts';
import { recordBreakGlass } from './review/record-decision.ts';

type AtTerminal = Extract<Actor, { kind: 'terminal' }>;

/** What was found, on record and in the outbox as if it had been requested in Slack. */
export type FoundAtTerminal = {
  readonly incident: Incident;
  readonly diagnosis: Diagnosis | null;
  /** The plan that awaits a decision. */
  readonly plan: Plan | null;
};

/**
 * Diagnoses the host in its open incident of the incident channel, or opens one there; Slack need not be reachable.
 */
export async function diagnoseAtTerminal(
  context: WorkflowContext,
  host: HostSettings,
  by: AtTerminal,
): Promise<FoundAtTerminal> {
  const { store, clock, settings } = context;
  const now = clock.now();
  const about = { host: host.name, channel: settings.incidentChannel };
  // It is chained and stays: no name may be in it.
  const requestKey = `terminal:${randomUUID()}`;
  const incident = await store.transact((tx) =>
    incidentToDiagnose(tx, settings, about, { askedBy: by, requestKey, now }),
  );
  await diagnoseIncident(context, incident, by);
  return store.transact(async (tx) => {
    const plan = (await tx.plansIn(['proposed'], host.name)).find((one) => one.plan.incidentId === incident.id);
    return { incident, diagnosis: await tx.diagnosis(incident.id), plan: plan?.plan ?? null };
  });
}

/** A bot that was killed might have left the incident diagnosing, or a plan of it executing: this waits for neither. */
async function incidentToDiagnose(
  tx: RecordTransaction,
  settings: WorkflowContext['settings'],
  about: Pick<Incident, 'host' | 'channel'>,
  asking: Asking,
): Promise<Incident> {
  const asked = await joinOrOpen(tx, settings, about, asking);
  if (asked.kind !== 'answer') return asked.incident;
  const diagnosing = await tx.incidentsIn(['diagnosing'], about.host);
  const joined = diagnosing.find(({ channel }) => channel === about.channel);
  if (joined !== undefined) return joined;
  const { askedBy: openedBy, requestKey, now } = asking;
  return (await openIncident(tx, { ...about, openedBy, requestKey, now })).incident;
}

export type BrokenGlass = {
  readonly by: AtTerminal & { readonly breakGlass: NonNullable<AtTerminal['breakGlass']> };
  readonly reason: string;
  /** Over the plan document, by the key that breaks the glass. */
  readonly signature: string;
  /** An approver's own signature, if the host requires one too. */
  readonly approval: string | null;
};

/** Why it can't run; null when it is approved, with its intent on record. */
export function breakGlass(
  { store, clock }: WorkflowContext,
  plan: Plan,
  { by, reason, signature, approval }: BrokenGlass,
): Promise<PrivateAnswer | null> {
  return store.transact(async (tx) => {
    const stored = await tx.plan(plan.id);
    if (stored === null) return { kind: 'plan-unknown' };
    if (stored.plan.hash !== plan.hash) {
      return { kind: 'record-failed', why: 'plan-not-as-shown' };
    }
    const now = clock.now();
    const refusal = await refusalOfPlan(tx, stored, now);
    if (refusal) return refusal;
    const next = nextPlanState(stored.state, 'break-glass');
    if (next === null || !(await tx.movePlan(plan.id, stored.state, next))) {
      return { kind: 'plan-not-open', planId: plan.id, state: stored.state };
    }
    await recordBreakGlass(tx, stored.plan, { by, now, reason, signature, approval });
    return null;
  });
}

/** Records the attempt of a key that does not count. Does not change the plan. */
export function recordRefusedKey(
  { store, clock }: WorkflowContext,
  plan: Plan,
  by: AtTerminal,
  why: SignatureProblem,
): Promise<void> {
  return store.transact(async (tx) => {
    await recordAct(tx, plan, { act: 'break-glass-refused', actor: by, now: clock.now(), outcome: { refused: why } });
  });
}

/** Reads the plan's state again: the plan may have ended while someone typed. */
export function planStateNow({ store }: WorkflowContext, plan: Plan): Promise<PlanState> {
  return store.transact((tx) => stateIn(tx, plan));
}

async function stateIn(tx: RecordTransaction, { id }: Plan): Promise<PlanState> {
  const stored = await tx.plan(id);
  if (stored === null) throw new Error(`plan ${id} is not on record any more`);
  return stored.state;
}

export type RunAtTerminal = {
  readonly state: PlanState;
  /** Null while there is none. */
  readonly outcome: ApplyOutcome | null;
  /** What the registry answered after the change; null if it was not asked. */
  readonly isWell: boolean | null;
};

export type WhileItRuns = {
  /** Ends the waiting, not what runs on the host. */
  readonly stop: AbortSignal;
  /** Called once if the outcome of a plan is not known yet. The host is asked until it is. */
  readonly onUnknown: OnUnknown;
};

/**
 * Carries the approved plan out as the bot does, and waits for the registry's answer. If the bot is down and left a
 * plan of that host executing, the host is asked about that one first: this plan waits for it, and perhaps no one else
 * will ask.
 */
export async function runAtTerminal(
  context: WorkflowContext,
  plan: Plan,
  { stop, onUnknown }: WhileItRuns,
): Promise<RunAtTerminal> {
  const { store } = context;
  const [first] = await store.transact((tx) => tx.executionQueue(plan.host));
  if (first?.state === 'executing') await executePlan(context, first.plan.id, stop, onUnknown);
  await executePlan(context, plan.id, stop, onUnknown);
  return store.transact(async (tx) => {
    const verification = await tx.verification(plan.id);
    return {
      state: await stateIn(tx, plan),
      outcome: (await tx.execution(plan.id))?.outcome ?? null,
      isWell: verification && verification.kind === 'well',
    };
  });
}
