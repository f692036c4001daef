import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { likelyReasons } from '../../access/denial/likely-reasons.ts';
import type { Judgement } from '../../access/judge/judgement.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import type { Check } from '../check.ts';

type Disagreement = FindingOf<'access-disagreement'>;

/**
 * Mode bits and ACL disagree with the kernel's answer to an access test as the service. Something that modes don't show
 * decides (an LSM, NFS, FUSE, a change in between), so neither is trusted. The facts about the directory name the
 * likeliest reason.
 */
export const accessDisagreement: Check<'access-disagreement'> = {
  id: 'access-disagreement',
  inconclusive: true,
  scope: 'each-path',
  consequenceOf: ['stale-handle', 'server-denies', 'mount-options-deny'],
  look(judged) {
    const atSteps = disagreementsAtSteps(judged);
    return atSteps.length > 0 ? atSteps : disagreementOfWholeWay(judged);
  },
};

function disagreementsAtSteps(judged: JudgedAccess): Disagreement[] {
  const { walk, root } = judged;
  const ofWay = (walk?.visits ?? []).flatMap(({ step }) => disagreementIn(judged, step, step.path, 'search'));
  if (!root) return ofWay;
  const { path } = root.node;
  return [
    ...ofWay,
    ...disagreementIn(judged, root.list, path, 'list'),
    ...disagreementIn(judged, root.create, path, 'create'),
  ];
}

function disagreementIn(
  judged: JudgedAccess,
  { reason }: Judgement,
  path: HostPath,
  operation: Disagreement['operation'],
): Disagreement[] {
  if (reason.kind !== 'disagreement') return [];
  const { evaluated, tried } = reason;
  return [finding(judged, { path, operation, evaluated, tried })];
}

function disagreementOfWholeWay(judged: JudgedAccess): Disagreement[] {
  const contradiction = judged.walk?.contradiction;
  return contradiction ? [finding(judged, { ...contradiction, operation: 'stat' })] : [];
}

function finding(
  judged: JudgedAccess,
  difference: Pick<Disagreement, 'path' | 'operation' | 'evaluated' | 'tried'>,
): Disagreement {
  const likely = likelyReasons(judged, difference);
  return { id: 'access-disagreement', severity: 'warning', proof: 'unproven', ...difference, likely };
}
