import { knownValue } from '../../../model/fact.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { deniedUses } from '../../access/judge/judge-root.ts';
import { type Check, SHOWS_A_STUB } from '../check.ts';
import { servesNoOne } from '../evidence/registry-answer.ts';

/**
 * The storage root holds no repository, though the service can use it. That is right for a new registry, but an
 * unmounted disk looks the same: the health check is green, the lists are empty, and pushes go to the wrong disk. A
 * registry that shows that it was used (a manifest or blob in its log, repositories in its list) is not new.
 */
export const storageEmpty: Check<'storage-empty'> = {
  id: 'storage-empty',
  inconclusive: true,
  consequenceOf: ['storage-root-unusable', 'untraversable-ancestor', 'dangling-link', ...SHOWS_A_STUB],
  look({ facts, root, walk }) {
    if (!root || facts.contents.state !== 'known') return [];
    const { complete, repositories } = facts.contents.value;
    if (!complete || repositories > 0) return [];
    const wasUsed = showsUse(facts);
    // A registry that has never served anyone, or can't use its storage, is expected to be empty.
    if (!wasUsed && (servesNoOne(facts) || walk?.passable === 'no' || deniedUses(root).length > 0)) return [];
    return [
      {
        id: 'storage-empty',
        severity: wasUsed ? 'warning' : 'info',
        proof: 'evaluated',
        path: root.node.path,
        lastGoodAt: knownValue(facts.logs)?.lastGoodStorage?.at ?? null,
        wasUsed,
      },
    ];
  },
};

function showsUse({ logs, listed }: Facts): boolean {
  const isLogged = logs.state === 'known' && logs.value.lastGoodStorage !== null;
  return isLogged || (listed.state === 'known' && listed.value.repositories > 0);
}
