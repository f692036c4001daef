import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * The storage root can be used, but it is unknown whether the service can use its contents. A push would then fail
 * there while everything above looks healthy. If something further up is known to be denied, this finding adds nothing.
 */
export const contentsNotJudged: Check<'contents-not-judged'> = {
  id: 'contents-not-judged',
  inconclusive: true,
  // If a directory behind a symlink or mount can't be reached, that finding covers its contents as well.
  consequenceOf: [
    ...SHOWS_A_STUB,
    'untraversable-ancestor',
    'inner-directory-unusable',
    'dangling-link',
    'symlink-loop',
    'not-a-directory',
    'nosymfollow-mount',
    'stale-handle',
  ],
  look({ contents: { use }, root, walk }) {
    if (!use || !root || walk?.passable !== 'yes') return [];
    const isUsable = [root.search, root.list, root.create].every(({ access }) => access === 'allowed');
    if (!isUsable || use.kind !== 'unknown') return [];
    return [{ id: 'contents-not-judged', severity: 'warning', proof: 'unproven', path: root.node.path, why: use.why }];
  },
};
