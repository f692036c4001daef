import { canonicalHash } from '../hash/canonical-hash.ts';
import { Plan, type PlanDraft } from '../model/plan/plan.ts';
import type { Actor } from '../model/record/actor.ts';
import type { IncidentId, PlanId } from '../model/record/ids.ts';

export type Seal = {
  readonly id: PlanId;
  /** Random, 32 hexadecimal digits: no other plan has it. */
  readonly nonce: string;
  readonly incidentId: IncidentId;
  readonly requestedBy: Actor;
  readonly now: Date;
  readonly ttlMinutes: number;
  readonly undoes?: Plan['undoes'];
};

/** Gives a draft its number, its life span, a nonce and the hash over all of it. */
export function sealPlan(draft: PlanDraft, seal: Seal): Plan {
  const unsealed = {
    ...draft,
    id: seal.id,
    nonce: seal.nonce,
    ...(seal.undoes === undefined ? {} : { undoes: seal.undoes }),
    incidentId: seal.incidentId,
    requestedBy: seal.requestedBy,
    createdAt: seal.now.toISOString(),
    expiresAt: new Date(seal.now.getTime() + seal.ttlMinutes * 60_000).toISOString(),
  };
  return Plan.parse({ ...unsealed, hash: canonicalHash(unsealed) });
}

/** Whether the plan is still the one that was sealed: the same content gives the same hash. */
export function isSealIntact(plan: Plan): boolean {
  const { hash, ...content } = plan;
  return canonicalHash(content) === hash;
}
