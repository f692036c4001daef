import type { Facts, Identity } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import { partsNotTried } from '../judge/storage-part.ts';
import { total } from './entries.ts';

/**
 * Whether the service can use the contents of its storage as a registry does: list, enter and write every directory.
 */
export type ContentsUse =
  | { readonly kind: 'usable' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'unknown'; readonly why: Reason };

/**
 * Judges by the kernel's own answers for the directories that a registry writes to. If nothing was tested, only one
 * case is judged from what root read: the service owns everything, and the owner's bits are all set.
 */
export function contentsUse(facts: Facts, identity: Identity): ContentsUse {
  const { contents } = facts;
  if (contents.state !== 'known') {
    return unknownFor(contents.state === 'unknown' ? contents.why : { code: 'nothing-to-look-into' });
  }
  const { closed, shut, ownClosed, foreign, writePlacesSeen } = contents.value;
  const isDenied =
    ownClosed.count > 0 || foreign.some(({ denied }) => denied.state === 'known' && total(denied.value) > 0);
  if (closed.state === 'known') {
    if (closed.value.count > 0 || shut.count > 0 || isDenied) return { kind: 'denied' };
    const [part] = partsNotTried(facts);
    if (part !== undefined) return unknownFor({ code: 'part-not-tried', detail: part });
    return closed.value.writePlacesTried ? { kind: 'usable' } : unknownFor({ code: 'write-places-not-in-time' });
  }
  if (identity.dacOverride) return { kind: 'usable' };
  if (ownClosed.count > 0) return { kind: 'denied' };
  if (partsNotTried(facts).length > 0) return unknownFor({ code: 'parts-not-looked-at' });
  if (foreign.length > 0) {
    const because: Reason = closed.state === 'unknown' ? closed.why : { code: 'not-tried-as-service' };
    return unknownFor({ code: 'foreign-entries-untried', because });
  }
  return writePlacesSeen ? { kind: 'usable' } : unknownFor({ code: 'write-places-not-in-time' });
}

function unknownFor(why: Reason): ContentsUse {
  return { kind: 'unknown', why };
}
