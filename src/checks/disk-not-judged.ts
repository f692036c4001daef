import { mountsOfHost } from '../access/host-place.ts';
import type { JudgedAccess } from '../access/judge-access.ts';
import { whyMountsAreNotCompared } from '../access/missing-mount.ts';
import type { Facts } from '../model/facts.ts';
import type { Finding } from '../model/finding.ts';
import type { Check } from './check.ts';

type NotJudged = Extract<Finding, { id: 'disk-not-judged' }>;

/**
 * Whether a disk is missing, or whether it is full, could not be looked at. Neither shows in the registry's health, nor when
 * its storage is tried: an empty directory under a missing disk can be used as well as the disk.
 */
export const diskNotJudged: Check = {
  id: 'disk-not-judged',
  look({ facts, walk, root }: JudgedAccess) {
    const { storageRoot } = facts;
    if (!walk || storageRoot.state !== 'known') return [];
    const path = root?.node.path ?? storageRoot.value;
    const whys = [
      { what: 'mounts' as const, why: whyMountsAreUnknown(facts) },
      { what: 'space' as const, why: root ? whySpaceIsUnknown(facts) : null },
    ];
    return whys.flatMap(({ what, why }): NotJudged[] =>
      why === null ? [] : [{ id: 'disk-not-judged', severity: 'warning', proof: 'unproven', path, what, why }],
    );
  },
};

/** Of a container's own mounts no file of the host tells; but that it sees no old mount follows from the host's own. */
function whyMountsAreUnknown(facts: Facts): string | null {
  const { view } = facts;
  if (view.kind === 'process' && view.hostMounts.state === 'unknown') return view.hostMounts.why;
  return mountsOfHost(facts) === null ? null : whyMountsAreNotCompared(facts);
}

function whySpaceIsUnknown({ diskSpace }: Facts): string | null {
  if (diskSpace.state === 'known') return null;
  return diskSpace.state === 'unknown' ? diskSpace.why : 'it was not asked';
}
