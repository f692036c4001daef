import { canonicalHash } from '../../hash/canonical-hash.ts';
import type { Decision } from '../../model/plan/decision.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { AuditEntry, IncidentEntry } from '../../model/record/audit.ts';
import { showQueue } from '../plan/execution-queue.ts';
import { showPlanState } from '../plan/show-plan-state.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postRecordLine } from '../record/messages.ts';
import { appendAct, BY_WORKFLOW, recordAct } from '../record/record-act.ts';

type Approval = {
  readonly by: Actor;
  readonly now: Date;
  /** The number needed, including this one. */
  readonly needed: number;
  readonly earlier: readonly Decision[];
  /** The person's own signature, if the host requires one. */
  readonly signed: { readonly signature: string; readonly fingerprint: string } | null;
};

/** Records an approval that is not the last one needed. The plan still waits. */
export async function recordEndorsement(tx: RecordTransaction, plan: Plan, approval: Approval): Promise<void> {
  await postRecordLine(tx, plan.host, await insertApproval(tx, plan, approval, 'plan-endorsed'));
  await showPlanState(tx, plan, 'proposed', { review: reviewIncluding(approval) });
}

/**
 * The last approval needed, and with it the intent. No record, no action: both are durable before the host is touched.
 */
export async function recordApproval(tx: RecordTransaction, plan: Plan, approval: Approval): Promise<void> {
  const { by, now } = approval;
  await insertApproval(tx, plan, approval, 'plan-approved');
  const decision = { by, at: now.toISOString(), verdict: 'approved', reason: null } as const;
  await showPlanState(tx, plan, 'approved', { decision, review: reviewIncluding(approval) });
  await recordIntent(tx, plan, now);
  await showQueue(tx, plan.host);
}

/** The signature of the break-glass key, and one as an approver if the host requires it. */
type BreakGlassSignatures = { signature: string; approval: string | null };

/** An approval from outside Slack, by the holder of a break-glass key, and with it the intent, as for any approval. */
export async function recordBreakGlass(
  tx: RecordTransaction,
  plan: Plan,
  { by, now, reason, signature, approval }: Readonly<{ by: Actor; now: Date; reason: string } & BreakGlassSignatures>,
): Promise<void> {
  const decision = { by, at: now.toISOString(), verdict: 'approved', reason } as const;
  const signaturePart = approval === null ? {} : { signature: approval };
  await tx.insertDecision({ planId: plan.id, planHash: plan.hash, ...decision, ...signaturePart });
  await appendAct(tx, plan, {
    act: 'plan-approved',
    actor: by,
    now,
    outcome: { reason, breakGlass: true, breakGlassSignature: signature, ...digestOf(approval) },
  });
  const current = { needed: 1, approvals: [{ by, at: decision.at }] };
  await showPlanState(tx, plan, 'approved', { decision, review: current });
  await recordIntent(tx, plan, now);
  await showQueue(tx, plan.host);
}

/** Records a rejection, which ends the plan however many have approved it. */
export async function recordRejection(
  tx: RecordTransaction,
  plan: Plan,
  { by, now, reason }: { readonly by: Actor; readonly now: Date; readonly reason: string | null },
): Promise<void> {
  const decision = { by, at: now.toISOString(), verdict: 'rejected', reason } as const;
  await tx.insertDecision({ planId: plan.id, planHash: plan.hash, ...decision });
  const outcome = reason === null ? {} : { reason };
  await recordAct(tx, plan, { act: 'plan-rejected', actor: by, now, outcome });
  await showPlanState(tx, plan, 'rejected', { decision });
}

async function insertApproval(
  tx: RecordTransaction,
  plan: Plan,
  { by, now, needed, earlier, signed }: Approval,
  act: 'plan-endorsed' | 'plan-approved',
): Promise<IncidentEntry> {
  const at = now.toISOString();
  const signaturePart = signed === null ? {} : { signature: signed.signature };
  await tx.insertDecision({
    planId: plan.id,
    planHash: plan.hash,
    verdict: 'approved',
    by,
    reason: null,
    at,
    ...signaturePart,
  });
  const signedWith = signed === null ? {} : { signedWith: signed.fingerprint, ...digestOf(signed.signature) };
  const outcome = { approval: earlier.length + 1, needed, ...signedWith };
  return appendAct(tx, plan, { act, actor: by, now, outcome });
}

/** Returns the digest of a signature for the audit chain. The decision row holds the signature itself. */
function digestOf(signature: string | null): AuditEntry['outcome'] {
  return signature === null ? {} : { signatureDigest: canonicalHash(signature) };
}

function reviewIncluding({ by, now, needed, earlier }: Approval) {
  const approvals = earlier.map((approval) => ({ by: approval.by, at: approval.at }));
  return { needed, approvals: [...approvals, { by, at: now.toISOString() }] };
}

async function recordIntent(tx: RecordTransaction, plan: Plan, now: Date): Promise<void> {
  await tx.insertExecution({ planId: plan.id, intendedAt: now.toISOString(), finishedAt: null, outcome: null });
  await appendAct(tx, plan, { act: 'execution-intended', actor: BY_WORKFLOW, now });
  await tx.moveIncident(plan.incidentId, ['open', 'diagnosing', 'closed', 'resolved'], {
    state: 'executing',
    currentPlan: plan.id,
  });
}
