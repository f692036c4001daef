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
      { what: 'mounts' as const, why: facts.view.kind === 'process' ? null : whyMountsAreNotCompared(facts) },
      { what: 'space' as const, why: root ? whySpaceIsUnknown(facts) : null },
    ];
    return whys.flatMap(({ what, why }): NotJudged[] =>
      why === null ? [] : [{ id: 'disk-not-judged', severity: 'warning', proof: 'unproven', path, what, why }],
    );
  },
};

function whySpaceIsUnknown({ diskSpace }: Facts): string | null {
  if (diskSpace.state === 'known') return null;
  return diskSpace.state === 'unknown' ? diskSpace.why : 'it was not asked';
}
