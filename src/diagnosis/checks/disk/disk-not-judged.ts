import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import type { Reason } from '../../../model/reason.ts';
import { diskSpaceOf, judgedPath } from '../../access/judge/judged-path.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { mountsOfHost } from '../../access/kernel/host-place.ts';
import type { Check } from '../check.ts';

type NotJudged = FindingOf<'disk-not-judged'>;

/**
 * It is unknown whether the disk is unmounted or full, because the probe could not read it. Neither shows in the
 * registry's health or in access tests: an empty directory under an unmounted disk is as usable as the disk.
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

/**
 * Why it is unknown whether a disk is mounted. No file on the host describes a container's own mounts, but if the
 * host's mounts are known, they show that the container does not see an old one.
 */
function whyMountsAreUnknown({ facts, disk }: JudgedAccess): Reason | null {
  const { view } = facts;
  if (view.kind === 'process' && view.hostMounts.state === 'unknown') return view.hostMounts.why;
  return mountsOfHost(facts) === null ? null : disk.whyNotCompared;
}

function whyUnknown(space: Facts['diskSpace']): Reason | null {
  if (space.state === 'known') return null;
  return space.state === 'unknown' ? space.why : { code: 'not-asked' };
}
