import type { Actor } from '../../model/record/actor.ts';
import type { DetailsWanted } from '../../model/record/erasable.ts';
import type { WorkflowContext } from '../context.ts';
import type { Details } from '../ports/record.ts';

export type Erased =
  | { readonly kind: 'erased'; readonly sequence: number; readonly details: Details }
  | { readonly kind: 'would-erase'; readonly details: Details }
  | { readonly kind: 'nothing-found' }
  /** Nothing was erased: something that concerns it has not ended. */
  | { readonly kind: 'unfinished'; readonly details: Details };

type Context = Pick<WorkflowContext, 'store' | 'clock'>;

/** Erases what the record holds of an incident's people, or of one person. The entry that says so names neither. */
export function erase(
  { store, clock }: Context,
  wanted: Exclude<DetailsWanted, { kind: 'ended-before' }>,
  { by, isOnlyAsked }: { readonly by: Actor; readonly isOnlyAsked: boolean },
): Promise<Erased> {
  return store.transact(async (tx) => {
    const details = await tx.detailsOf(wanted);
    const { unfinished, muted, waiting, incidents, kept, apart } = details;
    if (unfinished.length > 0 || muted.length > 0 || waiting > 0) return { kind: 'unfinished', details };
    const isHeldBeside = wanted.kind === 'incident' ? kept > 0 : incidents.length > 0;
    if (isNothing(details) && apart === 0 && !isHeldBeside) {
      return { kind: 'nothing-found' };
    }
    if (isOnlyAsked) return { kind: 'would-erase', details };
    const outcome = { ...(wanted.kind === 'incident' && { incident: wanted.id }), ...details.removed };
    const entry = await tx.appendOwnAct({ at: clock.now().toISOString(), actor: by, act: 'erased', outcome });
    await tx.removeDetails(wanted, details);
    return { kind: 'erased', sequence: entry.sequence, details };
  });
}

function isNothing({ removed: { values, diagnoses } }: Details): boolean {
  return Object.keys(values).length === 0 && diagnoses.length === 0;
}
