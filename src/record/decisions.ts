import { canonicalHash } from '../hash/canonical-hash.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Act, AuditEntry } from '../model/record/audit.ts';

/**
 * Whether the decisions on a plan match the chained entries about it: who, what, when, why, on which hash and with
 * which signature. The chain protects only its own entries.
 */
export function decisionsMatchEntries(decisions: readonly Decision[], entries: readonly AuditEntry[]): boolean {
  return hashOfAll(decisions.map(fromRow)) === hashOfAll(entries.flatMap(fromEntry));
}

const VERDICT_OF: Partial<Record<Act, Decision['verdict']>> = {
  'plan-endorsed': 'approved',
  'plan-approved': 'approved',
  'plan-rejected': 'rejected',
};

function fromRow({ verdict, by, at, planHash, reason, signature }: Decision) {
  return { verdict, by, at, planHash, reason, signature: signature === undefined ? null : canonicalHash(signature) };
}

function fromEntry({ act, actor, at, planHash, outcome }: AuditEntry) {
  const verdict = VERDICT_OF[act];
  if (verdict === undefined) return [];
  const { reason = null, signatureDigest = null } = outcome;
  return [{ verdict, by: actor, at, planHash, reason, signature: signatureDigest }];
}

/** Sorted, because two decisions can have the same time, and rows have no other order. */
function hashOfAll(decisions: readonly unknown[]): string {
  return canonicalHash(decisions.map(canonicalHash).toSorted());
}
