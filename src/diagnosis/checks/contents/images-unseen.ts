import type { Check } from '../check.ts';

/**
 * The disk has repositories that the registry does not list: the registry uses another path than its config now names,
 * or one below a later mount. If it lists none, this is a warning. If it lists fewer, the others might be repositories
 * whose tags are all gone (their `_manifests` stays). With GitLab's metadata database the list comes from the database,
 * and says nothing about the disk.
 */
export const imagesUnseen: Check<'images-unseen'> = {
  id: 'images-unseen',
  inconclusive: true,
  consequenceOf: ['untraversable-ancestor', 'storage-root-unusable', 'wrong-owner', 'inner-directory-unusable'],
  look({ facts: { config, contents, listed } }) {
    if (contents.state !== 'known' || listed.state !== 'known' || listed.value.more) return [];
    if (config.state === 'known' && config.value.database) return [];
    const { repositories: onDisk, complete } = contents.value;
    if (listed.value.repositories >= onDisk) return [];
    return [
      {
        id: 'images-unseen',
        severity: listed.value.repositories === 0 ? 'warning' : 'info',
        proof: 'evaluated',
        path: null,
        onDisk,
        atLeast: !complete,
        listed: listed.value.repositories,
      },
    ];
  },
};
