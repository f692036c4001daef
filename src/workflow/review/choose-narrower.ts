import { riskOf } from '../../diagnosis/plan/risk.ts';
import { planOutlook } from '../../model/diagnosis/diagnosis.ts';
import { type Plan, PlanDraft, type StoredPlan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import { PlanId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { endPlan } from '../plan/end-plan.ts';
import { proposePlan } from '../plan/propose-plan.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { actorOf, type Proposed, type Requests } from '../requests.ts';
import { refusalToDecide, refusalToDiagnose } from './authorization.ts';
import { differsFromCard, refusalOfPlan } from './decide-plan.ts';
import { hostsToAsk } from './hosts-to-ask.ts';

type Request = Parameters<Requests['chooseNarrower']>[0];

/**
 * The button that uses the narrower option of a plan that waits for a decision. The option becomes a plan of its own, with its own hash and
 * approvals, and replaces the one that it was shown beside. Approvers and those who can request a diagnosis can choose
 * it. The requester of the diagnosis stays the same, so choosing neither gives nor takes the right to approve.
 */
export async function chooseNarrower(context: WorkflowContext, request: Request): Promise<Proposed> {
  const { store, settings } = context;
  const planId = PlanId.safeParse(request.planIdText);
  const shown = planId.success ? ((await store.transact((tx) => tx.plan(planId.data)))?.plan ?? null) : null;
  if (shown === null) return answered({ kind: 'plan-unknown' });
  const host = settings.hosts.get(shown.host);
  const refusal = await refusalToChoose(context, host, shown, request);
  if (refusal) return answered(refusal);
  if (host === undefined) {
    const known = [...(await hostsToAsk(context, request))];
    return answered({ kind: 'unknown-host', asked: shown.host, nearest: [], known });
  }
  if (differsFromCard(shown, request)) return answered({ kind: 'other-plan', planId: shown.id });
  const problem = await store.transact((tx) =>
    replace(tx, shown.id, { host, by: actorOf(request.by), now: context.clock.now() }),
  );
  return problem === null ? { kind: 'accepted' } : answered(problem);
}

/** The refusal of an approver is shown, because it says who can approve. */
async function refusalToChoose(
  context: WorkflowContext,
  host: HostSettings | undefined,
  plan: Plan,
  request: Request,
): Promise<PrivateAnswer | null> {
  const asRequester = await refusalToDiagnose(context, plan.host, request);
  if (asRequester === null || host === undefined) return asRequester;
  return refusalToDecide(context, host, plan, request);
}

type Choice = { readonly host: HostSettings; readonly by: Actor; readonly now: Date };

/** Proposes the option in place of the plan. Null: it is proposed. */
async function replace(
  tx: RecordTransaction,
  planId: Plan['id'],
  { host, by, now }: Choice,
): Promise<PrivateAnswer | null> {
  const stored = await tx.plan(planId);
  if (stored === null) return { kind: 'plan-unknown' };
  const refusal = await refusalOfPlan(tx, stored, now);
  if (refusal) return refusal;
  const { plan } = stored;
  if (stored.state !== 'proposed') return { kind: 'plan-not-open', planId, state: stored.state };
  const draft = narrowerDraft(stored, now);
  if (draft === null) return { kind: 'plan-unknown' };
  const diagnosis = await tx.diagnosis(plan.incidentId);
  await endPlan(tx, stored, 'supersede', { now, why: { code: 'narrower-chosen' }, by });
  await proposePlan(tx, {
    incidentId: plan.incidentId,
    host,
    askedBy: plan.requestedBy,
    chosen: { by, insteadOf: plan.id, expiresAt: plan.expiresAt },
    now,
    draft,
    ...(diagnosis === null ? {} : { outlook: planOutlook(diagnosis) }),
  });
  return null;
}

/** Drafts the plan that has the same result by the steps of the alternative. */
function narrowerDraft({ plan }: StoredPlan, now: Date): PlanDraft | null {
  const [narrower] = plan.alternatives ?? [];
  if (narrower === undefined) return null;
  const { alternatives: _, uptimeSeconds, ...lasting } = draftIn(plan);
  const waitedSeconds = Math.max(0, (now.getTime() - Date.parse(plan.createdAt)) / 1000);
  return {
    ...lasting,
    ...(uptimeSeconds === undefined ? {} : { uptimeSeconds: uptimeSeconds + waitedSeconds }),
    steps: narrower.steps,
    risk: riskOf(narrower.steps, plan.identity),
  };
}

/** Returns the draft in a plan, without what the seal added. */
function draftIn(plan: Plan): PlanDraft {
  return PlanDraft.strip().parse(plan);
}

function answered(answer: PrivateAnswer): Proposed {
  return { kind: 'answer', answer };
}
