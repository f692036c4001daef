import { ACT_OF_CALL, CALLS, callsDue } from '../../approval/plan-calls.ts';
import { acknowledgementIn } from '../../incident/acknowledgement.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { IncidentEntry } from '../../model/record/audit.ts';
import type { PlanCall } from '../../model/record/messages/people.ts';
import type { HostSettings, Settings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postPlanCall } from '../record/messages.ts';
import { appendAct, BY_WORKFLOW } from '../record/record-act.ts';
import { approversLeft } from './approvers-left.ts';

const LOOK_EVERY_MS = 5_000;

/** Calls people to plans that wait for a decision, until `stop`. What was due while the bot was down is done at once. */
export async function callPeopleUntil(stop: AbortSignal, context: WorkflowContext): Promise<void> {
  const { store, clock, log } = context;
  while (!stop.aborted) {
    await store
      .transact((tx) => callPeopleDue(tx, context.settings, clock.now()))
      .catch((error: unknown) => log.error({ err: error }, 'people could not be called; the next try follows'));
    await clock.sleep(LOOK_EVERY_MS, stop);
  }
}

/** Makes every call that is due. The entry of a call is what keeps it from being made twice. */
export async function callPeopleDue(tx: RecordTransaction, { hosts }: Settings, now: Date): Promise<void> {
  for (const { plan } of await tx.plansIn(['proposed'])) {
    const host = hosts.get(plan.host);
    if (host === undefined || callsDue(untouched(plan), host.policy, now).length === 0) continue;
    const entries = await tx.auditEntries(plan.incidentId);
    for (const call of callsDue(asOnRecord(plan, entries), host.policy, now)) {
      await callPeople(tx, plan, host, call, now);
    }
  }
}

/** As if no call had been made: the clock alone says of most plans that nothing is due, without reading the record. */
function untouched(plan: Plan) {
  return { plan, made: new Set<PlanCall>(), isAcknowledged: false };
}

function asOnRecord(plan: Plan, entries: readonly IncidentEntry[]) {
  const acts = new Set(entries.flatMap(({ act, planId }) => (planId === plan.id ? [act] : [])));
  return {
    plan,
    made: new Set(CALLS.filter((call) => acts.has(ACT_OF_CALL[call]))),
    isAcknowledged: acknowledgementIn(entries) !== null,
  };
}

async function callPeople(
  tx: RecordTransaction,
  plan: Plan,
  { policy }: HostSettings,
  call: PlanCall,
  now: Date,
): Promise<void> {
  const people = call === 'reminder' ? await approversLeft(tx, policy, plan) : policy.escalateTo;
  if (people === null || people.users.length + people.groups.length === 0) return;
  const named = { users: [...people.users], groups: [...people.groups] };
  const outcome = { called: [...named.users, ...named.groups] };
  const entry = await appendAct(tx, plan, { act: ACT_OF_CALL[call], actor: BY_WORKFLOW, now, outcome });
  await postPlanCall(tx, plan, { call, people: named }, entry);
}
