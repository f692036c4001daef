import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { JudgedVisit } from '../../access/judge/judge-walk.ts';
import type { JudgedAccess } from '../../access/judge-access.ts';
import { minimalGrant } from '../../access/kernel/minimal-grant.ts';
import type { Check } from '../check.ts';

/**
 * A directory on the path has no search permission for the service: EACCES for everything below (path_resolution(7)).
 * The storage root is not included, because its own mode does not matter for reaching it. If a disk is unmounted, modes
 * at and below its mount point are those of the directory underneath.
 */
export const untraversableAncestor: Check<'untraversable-ancestor'> = {
  id: 'untraversable-ancestor',
  faultKind: 'denied',
  scope: 'each-path',
  look(judged) {
    const { walk, disk } = judged;
    const stub = disk.missing?.path ?? null;
    return (walk?.visits ?? []).flatMap((visit) => blockerAt(visit, judged, stub));
  },
};

function blockerAt(
  { node, step, searched, through }: JudgedVisit,
  { facts }: JudgedAccess,
  stub: HostPath | null,
): FindingOf<'untraversable-ancestor'>[] {
  const { reason, proof } = step;
  if (node.state !== 'present' || !searched) return [];
  if (step.access !== 'denied' || reason.kind !== 'bits') return [];
  const grant = minimalGrant(facts, node, reason.class, ['x']);
  const noChmod = grant.kind === 'none' ? grant.why : null;
  // Then mount-options-deny reports it.
  if (noChmod === 'modes-not-kept') return [];
  return [
    {
      id: 'untraversable-ancestor',
      severity: stub !== null && isAtOrBelow(stub, node.path) ? 'info' : 'fault',
      proof,
      path: node.path,
      mode: node.mode,
      owner: node.owner,
      group: node.group,
      decidedBy: reason.class,
      throughLink: through,
      noChmod,
    },
  ];
}

function isAtOrBelow(place: HostPath, path: HostPath): boolean {
  return path === place || path.startsWith(`${place}/`);
}
