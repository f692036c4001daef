import { canonicalHash } from '../hash/canonical-hash.ts';
import { Plan, type PlanDraft } from '../model/plan/plan.ts';
import type { Actor } from '../model/record/actor.ts';
import type { IncidentId, PlanId, Sha256 } from '../model/record/ids.ts';
import { chainedActor } from './erasable.ts';

export type Seal = {
  readonly id: PlanId;
  /** Random, 32 hexadecimal digits: no other plan has it. */
  readonly nonce: string;
  /** Random, 32 hexadecimal digits. */
  readonly requesterSalt: string;
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
    requesterSalt: seal.requesterSalt,
    createdAt: seal.now.toISOString(),
    expiresAt: new Date(seal.now.getTime() + seal.ttlMinutes * 60_000).toISOString(),
  };
  return Plan.parse({ ...unsealed, hash: planHash(unsealed) });
}

/** Whether the plan is still the one that was sealed: the same content gives the same hash. */
export function isSealIntact(plan: Plan): boolean {
  const { hash, ...content } = plan;
  return planHash(content) === hash;
}

/** The hash over all of a plan, in its sealed form. */
export function planHash(content: Omit<Plan, 'hash'>): Sha256 {
  return canonicalHash(sealedForm(content));
}

/** What the hash of a plan is over: of its requester only a salted digest, as in an entry. */
export function sealedForm({ requesterSalt, ...content }: Omit<Plan, 'hash'>): object {
  return { ...content, requestedBy: chainedActor(content.requestedBy, requesterSalt) };
}
