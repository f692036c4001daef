import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import { knownValue } from '../../../model/fact.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { total } from '../../access/contents/entries.ts';
import type { WrongOwners } from '../../access/contents/wrong-owners.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';

type WrongOwner = FindingOf<'wrong-owner'>;

/**
 * Entries below the storage root belong to others than the service, so it can't use them: left by a restore, a move or
 * an rsync as root, or by a uid that a reinstall or a container has changed. The health check only stats the root and
 * stays green, while the pushes that reach them fail (seen with distribution 2.8.2).
 */
export const wrongOwner: Check<'wrong-owner'> = {
  id: 'wrong-owner',
  faultKind: 'denied',
  inconclusive: true,
  consequenceOf: SHOWS_A_STUB,
  look(judged) {
    const wrong = judged.contents.wrongOwners;
    const { contents, pairs, proof, root } = wrong ?? { contents: null, pairs: [], proof: null, root: null };
    if (wrong === null || contents?.top == null || pairs.length === 0) return [];
    const firstPaths = firstPathsOf(wrong);
    return [
      {
        id: 'wrong-owner',
        severity: proof === 'unproven' ? 'warning' : 'fault',
        proof: proof ?? 'unproven',
        path: root?.path ?? firstPaths[0] ?? contents.top.path,
        top: contents.top.path,
        owners: pairs.map(({ uid, gid, owner, group, entries }) => ({ uid, gid, owner, group, entries })),
        firstPaths,
        rootToo: root !== null,
        complete: contents.complete,
        denied: deniedIn(wrong),
        drift: driftOf(judged, wrong),
        noChown: wrong.noChown,
      },
    ];
  },
};

/** The first paths of these entries: those that the kernel denied, then the others. */
function firstPathsOf({ contents, pairs }: WrongOwners): HostPath[] {
  const isTheirs = ({ uid, gid }: { uid: number; gid: number }) =>
    pairs.some((pair) => pair.uid === uid && pair.gid === gid);
  const closed = (knownValue(contents.closed)?.directories ?? []).filter(isTheirs);
  const paths = [...closed.map(({ path }) => path), ...pairs.flatMap((pair) => pair.firstPaths)];
  return [...new Set(paths)].slice(0, 8);
}

function deniedIn({ pairs }: WrongOwners): number | null {
  const denied = pairs.reduce((sum, pair) => sum + (pair.denied.state === 'known' ? total(pair.denied.value) : 0), 0);
  return denied > 0 ? denied : null;
}

/**
 * Whether the owner is an account whose number changed. A number usually has a name; without one it was an account
 * once, or is one on another host.
 */
function driftOf({ facts, service }: JudgedAccess, { pairs }: WrongOwners): WrongOwner['drift'] {
  const accountUid = knownValue(facts.account)?.uid ?? null;
  if (accountUid !== null && accountUid !== service?.uid && pairs.some(({ uid }) => uid === accountUid))
    return 'account';
  return pairs.some(({ uid, owner }) => owner === String(uid)) ? 'no-account' : null;
}
