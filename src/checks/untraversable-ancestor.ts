import type { JudgedAccess } from '../access/judge-access.ts';
import type { JudgedVisit } from '../access/judge-walk.ts';
import { openingOf } from '../access/opening.ts';
import type { Finding } from '../model/finding.ts';
import type { Check } from './check.ts';

/**
 * A directory on the way lacks search permission for the service: EACCES for everything below (path_resolution(7)). The
 * storage root at its end is another matter: its own mode plays no part in reaching it.
 */
export const untraversableAncestor: Check = {
  id: 'untraversable-ancestor',
  look(judged) {
    return (judged.walk?.visits ?? []).flatMap((visit) => blockerAt(visit, judged));
  },
};

function blockerAt(
  { node, step, searched, through }: JudgedVisit,
  { facts }: JudgedAccess,
): Extract<Finding, { id: 'untraversable-ancestor' }>[] {
  const { reason, proof } = step;
  if (node.state !== 'present' || !searched) return [];
  if (step.access !== 'denied' || reason.kind !== 'bits') return [];
  const opening = openingOf(facts, node, reason.class, ['x']);
  return [
    {
      id: 'untraversable-ancestor',
      severity: 'fault',
      proof,
      path: node.path,
      mode: node.mode,
      owner: node.owner,
      group: node.group,
      decidedBy: reason.class,
      throughLink: through,
      noChmod: opening.kind === 'none' ? opening.why : null,
    },
  ];
}
