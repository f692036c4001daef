import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * The storage root itself can be used, and nobody can say whether what lies below it can: a push would fail there while
 * everything above is well. Beside a denial further up it is no news.
 */
export const contentsNotJudged: Check<'contents-not-judged'> = {
  id: 'contents-not-judged',
  inconclusive: true,
  // What lies behind a part that cannot be reached is no news beside that.
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
