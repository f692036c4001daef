import { applyRequest, type GuardRequest, outcomeRequest, type SignedPlan } from '../host/guard-request.ts';
import { parseApplyOutcome } from '../host/parse-apply-outcome.ts';
import { planDocument } from '../host/plan-document.ts';
import type { ApplyOutcome } from '../model/execution.ts';
import type { Plan } from '../model/plan.ts';
import type { HostSettings } from '../model/settings.ts';
import type { RunOptions } from './ports.ts';
import { isNotRun, runGuard, whyNoAnswer } from './run-guard.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * A guard over standard input is ended with its connection, so a whole tree on a slow disk has to be done by then. An answer tells the
 * state of each step four times, and a request, which is at most one MiB, three times.
 */
const APPLY_LIMITS: RunOptions = { timeoutMs: 120_000, maxOutputBytes: 2 * 1024 * 1024, approved: true };

/** Has the host carry the plan out, or take one back where it says so, for the first time: what was not sent cannot have started. */
export function applyOn(surroundings: Surroundings, host: HostSettings, plan: Plan): Promise<ApplyOutcome | NotTaken> {
  return send(surroundings, host, plan, applyRequest);
}

/** The same where it was sent before and did not start then: that it was not sent now says nothing of what is still on its way. */
export async function applyAgainOn(surroundings: Surroundings, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  return unknownUnlessTaken(await send(surroundings, host, plan, applyRequest));
}

/** Asks the host what became of the plan. It starts nothing. */
export async function askOutcome(surroundings: Surroundings, host: HostSettings, plan: Plan): Promise<ApplyOutcome> {
  return unknownUnlessTaken(await send(surroundings, host, plan, outcomeRequest));
}

/** Certainly no guard did anything with the request. */
export type NotTaken = { readonly kind: 'not-taken'; readonly why: string };

export function unknownUnlessTaken(outcome: ApplyOutcome | NotTaken): ApplyOutcome {
  return outcome.kind === 'not-taken' ? { kind: 'unknown', why: outcome.why } : outcome;
}

async function send(
  surroundings: Surroundings,
  host: HostSettings,
  plan: Plan,
  requestOf: (nonce: string, signed: SignedPlan) => GuardRequest,
): Promise<ApplyOutcome | NotTaken> {
  const signed = await signedFor(surroundings, host, plan);
  if (signed.kind === 'cannot-sign') return { kind: 'not-taken', why: signed.why };
  const run = await runGuard(surroundings.remote, host, (nonce) => requestOf(nonce, signed), APPLY_LIMITS);
  if (run.kind === 'answered') return parseApplyOutcome(run.output.stdout, run.nonce);
  return { kind: isNotRun(run) ? 'not-taken' : 'unknown', why: whyNoAnswer(run) };
}

type Signed = ({ readonly kind: 'signed' } & SignedPlan) | { readonly kind: 'cannot-sign'; readonly why: string };

/** Signed no sooner than it is sent: what waits for an approval is nothing that a host would take. */
async function signedFor({ signer, store }: Surroundings, host: HostSettings, plan: Plan): Promise<Signed> {
  if (host.guard === null) return { kind: 'signed', plan, signature: null, approvals: [] };
  if (signer === null) return { kind: 'cannot-sign', why: 'there is no signing key in the config file' };
  const signature = await signer.sign(planDocument(plan));
  if (signature.kind === 'cannot-sign') return signature;
  const decisions = await store.transact((tx) => tx.decisions(plan.id));
  const approvals = decisions.flatMap((decision) => decision.signature ?? []);
  return { kind: 'signed', plan, signature: signature.signature, approvals };
}
