import type { WalkStep } from '../../../model/diagnosis/access.ts';
import type { TryResult } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import type { Evaluation } from '../kernel/permission.ts';

/** Whether one access is allowed, with the reason and how it is known. */
export type Judgement = Pick<WalkStep, 'access' | 'reason' | 'proof'>;

/**
 * Combines the computed access with the kernel's own answer. If both are certain they must agree; otherwise the result
 * is unknown. Where something other than the bits might decide, the kernel's answer counts.
 */
export function judge(evaluation: Evaluation, tried: TryResult | null): Judgement {
  const answer = tried?.result === 'failed' ? null : (tried?.result ?? null);
  if (evaluation.access === 'unknown') return judgeByKernelAlone(evaluation, answer);
  const { access, reason } = evaluation;
  if (answer === null) return { access, reason, proof: 'evaluated' };
  if (answer === access) return { access, reason, proof: 'kernel' };
  return disagreement(access, answer);
}

/** The answer for something that could not be read. */
export function unseen(why: Reason): Judgement {
  return { access: 'unknown', reason: { kind: 'unseen', why }, proof: 'unproven' };
}

function judgeByKernelAlone(
  { otherwise, by, why }: Extract<Evaluation, { access: 'unknown' }>,
  answer: 'allowed' | 'denied' | null,
): Judgement {
  if (answer === null) return { access: 'unknown', reason: { kind: 'undecided', by, why }, proof: 'unproven' };
  if (answer === otherwise.access) return { ...otherwise, proof: 'kernel' };
  if (answer === 'allowed') return { access: 'allowed', reason: { kind: 'undecided', by, why }, proof: 'kernel' };
  return disagreement(otherwise.access, answer);
}

/** The result if the kernel's answer contradicts the computed access: unknown, whichever of them is right. */
export function disagreement(evaluated: 'allowed' | 'denied', tried: 'allowed' | 'denied'): Judgement {
  return { access: 'unknown', reason: { kind: 'disagreement', evaluated, tried }, proof: 'unproven' };
}
