import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * The storage root itself can be used, but it is unknown whether the content below it can. A push would fail there
 * while everything above is healthy. Beside a denial further up it adds nothing.
 */
export const contentsNotJudged: Check<'contents-not-judged'> = {
  id: 'contents-not-judged',
  inconclusive: true,
  // The content behind an unreachable part adds nothing beside that.
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
