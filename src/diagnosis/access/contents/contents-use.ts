import type { Facts, Identity } from '../../../model/host/facts.ts';
import { partsNotTried } from '../judge/storage-part.ts';

/** May the service use what lies below its storage root, as a registry does: list, enter and write every directory? */
export type ContentsUse =
  | { readonly kind: 'usable' }
  | { readonly kind: 'denied' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The kernel's own answers decide, as far as the places reach into which a registry writes. Where it could not be asked, only a
 * tree that is the service's own throughout, with its owner's bits in place, is judged from what root read.
 */
export function judgeContents(facts: Facts, identity: Identity): ContentsUse {
  const { contents } = facts;
  if (contents.state !== 'known') {
    return { kind: 'unknown', why: contents.state === 'unknown' ? contents.why : 'there is nothing to look into' };
  }
  const { closed, ownClosed, foreign, writePlacesSeen } = contents.value;
  const isDenied =
    ownClosed.count > 0 || foreign.some(({ denied }) => denied.state === 'known' && total(denied.value) > 0);
  if (closed.state === 'known') {
    if (closed.value.count > 0 || isDenied) return { kind: 'denied' };
    const [part] = partsNotTried(facts);
    if (part !== undefined) return { kind: 'unknown', why: `what lies behind ${part} was not tried` };
    return closed.value.writePlacesTried ? { kind: 'usable' } : { kind: 'unknown', why: OUT_OF_TIME };
  }
  if (identity.dacOverride) return { kind: 'usable' };
  if (ownClosed.count > 0) return { kind: 'denied' };
  if (partsNotTried(facts).length > 0) return { kind: 'unknown', why: NOT_ALL_PARTS };
  if (foreign.length > 0) {
    const why = closed.state === 'unknown' ? closed.why : 'it was not tried as the service';
    return { kind: 'unknown', why: `entries below it belong to others, and nothing was tried there: ${why}` };
  }
  return writePlacesSeen ? { kind: 'usable' } : { kind: 'unknown', why: OUT_OF_TIME };
}

const NOT_ALL_PARTS = 'not every part of the storage behind a symlink or mount was looked at';
const OUT_OF_TIME = 'there was no time to look at every directory into which the registry writes';

export function total({ directories, files }: { readonly directories: number; readonly files: number }): number {
  return directories + files;
}
