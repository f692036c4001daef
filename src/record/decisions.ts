import { canonicalHash, compactHash } from '../hash/canonical-hash.ts';
import type { Decision } from '../model/plan/decision.ts';
import type { Actor } from '../model/record/actor.ts';
import type { Act, AuditEntry } from '../model/record/audit.ts';

/**
 * Whether the decisions on a plan match the chained entries about it: who, what, when, why, on which hash and with
 * which signature. The chain protects only its own entries.
 */
export function decisionsMatchEntries(decisions: readonly Decision[], entries: readonly AuditEntry[]): boolean {
  return areSameDecisions(
    decisions.map(decisionInRow),
    entries.map(decisionInEntry).filter((one) => one !== null),
  );
}

/** With the person as the row has it, by which no one decides twice. Absent: that of the decision. */
export type KeptDecision = Decision & { readonly person?: string };

/** See {@link decisionInRow} and {@link decisionInEntry}. Compared without order, because two decisions can have the same time. */
export function areSameDecisions(inRows: readonly string[], inEntries: readonly string[]): boolean {
  return inRows.toSorted().join() === inEntries.toSorted().join();
}

const VERDICT_OF: Partial<Record<Act, Decision['verdict']>> = {
  'plan-endorsed': 'approved',
  'plan-approved': 'approved',
  'plan-rejected': 'rejected',
};

export function isDecision(act: Act): boolean {
  return VERDICT_OF[act] !== undefined;
}

/** The decision that an entry records, as a compact hash. Null: it records none. What was erased counts as not given. */
export function decisionInEntry({ act, actor, at, planHash, outcome }: AuditEntry): string | null {
  const verdict = VERDICT_OF[act];
  if (verdict === undefined) return null;
  const { reason, signatureDigest = null } = outcome;
  return compactHash({
    ...{ at, by: actor, person: personOf(actor), planHash },
    reason: typeof reason === 'string' ? reason : null,
    signature: actor.kind === 'erased' ? null : signatureDigest,
    verdict,
  });
}

/** The same of a row of the decisions. */
export function decisionInRow(decision: KeptDecision): string {
  const { verdict, by, person = personOf(by), at, planHash, reason, signature } = decision;
  const signatureDigest = signature === undefined ? null : canonicalHash(signature);
  return compactHash({ at, by, person, planHash, reason, signature: signatureDigest, verdict });
}

/**
 * The person for the rule that no one decides twice. The user id is enough: an enterprise shows one user under several
 * teams.
 */
export function personOf(by: Actor): string {
  switch (by.kind) {
    case 'slack-user':
      return by.user;
    case 'terminal':
      return `terminal ${by.user}`;
    case 'signal':
      return `signal ${by.signal}`;
    case 'alert':
      return `alert ${by.source}`;
    case 'bot':
      return `bot ${by.part}`;
    case 'erased':
      return `erased ${by.digest}`;
  }
}
