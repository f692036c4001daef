import type { JudgedAccess } from '../access/judge-access.ts';
import type { Judgement } from '../access/judgement.ts';
import type { Finding } from '../model/finding.ts';
import type { HostPath } from '../model/host-path.ts';
import type { Check } from './check.ts';

type Disagreement = Extract<Finding, { id: 'access-disagreement' }>;

/**
 * Bits and ACL say one thing, and the kernel another when it was tried as the service. Something that modes do not show
 * decides (an LSM, NFS, FUSE, a change in between), so neither answer is taken.
 */
export const accessDisagreement: Check = {
  id: 'access-disagreement',
  look(judged) {
    const atSteps = disagreementsAtSteps(judged);
    return atSteps.length > 0 ? atSteps : disagreementOfWholeWay(judged);
  },
};

function disagreementsAtSteps({ walk, root }: JudgedAccess): Disagreement[] {
  const ofWay = (walk?.visits ?? []).flatMap(({ step }) => disagreementIn(step, step.path, 'search'));
  if (!root) return ofWay;
  const { path } = root.node;
  return [...ofWay, ...disagreementIn(root.list, path, 'list'), ...disagreementIn(root.create, path, 'create')];
}

function disagreementIn({ reason }: Judgement, path: HostPath, operation: Disagreement['operation']): Disagreement[] {
  if (reason.kind !== 'disagreement') return [];
  const { evaluated, tried } = reason;
  return [{ id: 'access-disagreement', severity: 'warning', proof: 'unproven', path, operation, evaluated, tried }];
}

function disagreementOfWholeWay({ walk }: JudgedAccess): Disagreement[] {
  if (!walk?.contradiction) return [];
  const { evaluated, tried, path } = walk.contradiction;
  return [
    { id: 'access-disagreement', severity: 'warning', proof: 'unproven', path, operation: 'stat', evaluated, tried },
  ];
}
