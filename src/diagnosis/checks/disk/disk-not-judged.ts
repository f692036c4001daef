import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import { diskSpaceOf, judgedPath } from '../../access/judge/judged-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { mountsOfHost } from '../../access/kernel/host-place.ts';
import type { Check } from '../check.ts';

type NotJudged = FindingOf<'disk-not-judged'>;

/**
 * It could not be read whether a disk is missing or full. Neither shows in the registry's health or in tests of its
 * storage: an empty directory under a missing disk is as usable as the disk.
 */
export const diskNotJudged: Check<'disk-not-judged'> = {
  id: 'disk-not-judged',
  inconclusive: true,
  scope: 'each-path',
  look(judged: JudgedAccess) {
    const { walk, root, usedPath } = judged;
    const path = root?.node.path ?? judgedPath(judged);
    if (!walk || path === null) return [];
    const whys = [
      { what: 'mounts' as const, why: usedPath === null ? whyMountsAreUnknown(judged) : null },
      { what: 'space' as const, why: root ? whyUnknown(diskSpaceOf(judged)) : null },
    ];
    return whys.flatMap(({ what, why }): NotJudged[] =>
      why === null ? [] : [{ id: 'disk-not-judged', severity: 'warning', proof: 'unproven', path, what, why }],
    );
  },
};

/** No file of the host describes a container's own mounts. But the host's own show that it sees no old mount. */
function whyMountsAreUnknown({ facts, disk }: JudgedAccess): Reason | null {
  const { view } = facts;
  if (view.kind === 'process' && view.hostMounts.state === 'unknown') return view.hostMounts.why;
  return mountsOfHost(facts) === null ? null : disk.whyNotCompared;
}

function whyUnknown(space: Facts['diskSpace']): Reason | null {
  if (space.state === 'known') return null;
  return space.state === 'unknown' ? space.why : { code: 'not-asked' };
}
