import type { Check } from '../check.ts';

/**
 * The disk has repositories that the registry does not list: it uses another path than its config now names, or one
 * below a later mount. None at all is a warning. With fewer, a repository whose tags are all gone might be the reason
 * (`_manifests` stays). With GitLab's metadata database the list comes from there, and says nothing about the disk.
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
