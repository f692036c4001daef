import { isDeepStrictEqual } from 'node:util';
import { canonicalHash } from '../hash/canonical-hash.ts';
import type { Act, AuditEntry } from '../model/audit.ts';
import type { Decision } from '../model/decision.ts';

/**
 * Whether the decisions on a plan, as its rows have them, are those that the chained entries about it tell: who, what, when, why, on which
 * hash and with which signature. The chain protects only its own entries.
 */
export function areDecisionsOnRecord(decisions: readonly Decision[], entries: readonly AuditEntry[]): boolean {
  return isDeepStrictEqual(sorted(decisions.map(keptDecision)), sorted(entries.flatMap(toldDecision)));
}

const VERDICT_OF: Partial<Record<Act, Decision['verdict']>> = {
  'plan-endorsed': 'approved',
  'plan-approved': 'approved',
  'plan-rejected': 'rejected',
};

function keptDecision({ verdict, by, at, planHash, reason, signature }: Decision) {
  return { verdict, by, at, planHash, reason, signature: signature === undefined ? null : canonicalHash(signature) };
}

function toldDecision({ act, actor, at, planHash, outcome }: AuditEntry) {
  const verdict = VERDICT_OF[act];
  if (verdict === undefined) return [];
  const { reason = null, signatureDigest = null } = outcome;
  return [{ verdict, by: actor, at, planHash, reason, signature: signatureDigest }];
}

/** Two decisions may have the same time, and rows have no other order. */
function sorted(decisions: readonly unknown[]): readonly string[] {
  return decisions.map(canonicalHash).toSorted();
}
