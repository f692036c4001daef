import { checkpointLine } from '../../hash/checkpoint.ts';
import { parseApplyOutcome } from '../../host/answer/parse-apply-outcome.ts';
import { applyRequest, type GuardRequest, outcomeRequest, type SignedPlan } from '../../host/request/guard-request.ts';
import { planDocument } from '../../host/request/plan-document.ts';
import type { ApplyOutcome } from '../../model/plan/execution.ts';
import type { OutcomeReason } from '../../model/plan/outcome-reason.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { SigningProblem } from '../../model/plan/signing-problem.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { RunOptions } from '../ports/host.ts';
import { isNotRun, runGuard, whyNoAnswer } from './run-guard.ts';

/**
 * A guard over standard input ends with its connection, so a whole tree on a slow disk has to be done within this time.
 * An answer has the state of each step four times. A request, which is at most one MiB, has it three times.
 */
const APPLY_LIMITS: RunOptions = { timeoutMs: 120_000, maxOutputBytes: 2 * 1024 * 1024, approved: true };

/** Has the host apply a plan, or undo one, for the first time. If it was not sent, it can't have started. */
export async function applyOn(
  context: WorkflowContext,
  host: HostSettings,
  plan: Plan,
): Promise<ApplyOutcome | NotAccepted> {
  const checkpoint = await checkpointNow(context);
  return send(context, host, plan, (nonce, signed) => applyRequest(nonce, { ...signed, ...checkpoint }));
}

/** Sends a plan again that did not start. If this fails, the earlier request might still be on its way. */
export async function applyAgainOn(context: WorkflowContext, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  return unknownIfNotAccepted(await applyOn(context, host, plan));
}

/** Asks the host how the plan ended. Starts nothing. */
export async function askOutcome(context: WorkflowContext, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  return unknownIfNotAccepted(await send(context, host, plan, outcomeRequest));
}

/** No guard read the request. */
export type NotAccepted = { readonly kind: 'not-accepted'; readonly why: OutcomeReason };

/** Whether the host is entered as it was when the plan was made: the config may name another container now, or none. */
export function entersSamePlace({ enteredBy = [] }: Plan, { enter }: HostSettings): boolean {
  return enteredBy.length === enter.length && enteredBy.every((word, index) => word === enter[index]);
}

export function unknownIfNotAccepted(outcome: ApplyOutcome | NotAccepted): ApplyOutcome {
  return outcome.kind === 'not-accepted' ? { kind: 'unknown', why: outcome.why } : outcome;
}

async function send(
  context: WorkflowContext,
  host: HostSettings,
  plan: Plan,
  requestOf: (nonce: string, signed: SignedPlan) => GuardRequest,
): Promise<ApplyOutcome | NotAccepted> {
  const signed = await signedFor(context, host, plan);
  if (signed.kind === 'cannot-sign') {
    return { kind: 'not-accepted', why: { code: 'not-signed-by-bot', why: signed.why } };
  }
  const run = await runGuard(context.remote, host, (nonce) => requestOf(nonce, signed), APPLY_LIMITS);
  if (run.kind === 'answered') return parseApplyOutcome(run.output.stdout, run.nonce);
  return { kind: isNotRun(run) ? 'not-accepted' : 'unknown', why: { code: 'no-answer', why: whyNoAnswer(run) } };
}

/** The checkpoint under which a plan runs: it covers the plan's approval. Nothing if none was ever signed. */
async function checkpointNow({ checkpoints }: WorkflowContext): Promise<Pick<SignedPlan, 'checkpoint'>> {
  const newest = (await checkpoints?.signNow()) ?? null;
  const checkpoint = newest && checkpointLine(newest.note);
  return checkpoint === null ? {} : { checkpoint };
}

type Signed =
  | ({ readonly kind: 'signed' } & SignedPlan)
  | { readonly kind: 'cannot-sign'; readonly why: SigningProblem };

/**
 * Signs a plan only when it is sent, so that a plan that still waits for approval is never one that a host would
 * accept.
 */
async function signedFor({ signer, store }: WorkflowContext, host: HostSettings, plan: Plan): Promise<Signed> {
  if (host.guard === null) return { kind: 'signed', plan, signature: null, approvals: [] };
  if (signer === null) return { kind: 'cannot-sign', why: { code: 'no-key' } };
  const signature = await signer.sign(planDocument(plan));
  if (signature.kind === 'cannot-sign') return signature;
  const decisions = await store.transact((tx) => tx.decisions(plan.id));
  const approvals = decisions.flatMap((decision) => decision.signature ?? []);
  return { kind: 'signed', plan, signature: signature.signature, approvals };
}
