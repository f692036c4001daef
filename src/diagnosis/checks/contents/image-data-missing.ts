import { type Check, SHOWS_A_STUB } from '../check.ts';

/**
 * A tag is listed and its pull fails, because a file on the way to its manifest or layers is empty or missing. A
 * registry follows tag → link file of the manifest → blob, and takes a link file only as its digest (distribution,
 * registry/storage/paths.go, blobstore.go: readlink; digest.Parse refuses an empty one). Seen with docker-registry
 * 2.8.2: the answers are 500 and 404 while the health check, the catalog and the list of tags stay green.
 *
 * With GitLab's metadata database the tags are there, and the link files on the disk are what an import left.
 */
export const imageDataMissing: Check<'image-data-missing'> = {
  id: 'image-data-missing',
  // Behind a symlink or mount that can't be used, nothing counts as missing.
  consequenceOf: [...SHOWS_A_STUB, 'stale-handle', 'dangling-link', 'symlink-loop', 'not-a-directory'],
  look({ facts: { config, imageLinks } }) {
    if (imageLinks.state !== 'known') return [];
    if (config.state === 'known' && config.value.database) return [];
    const [first] = imageLinks.value.samples;
    if (!first) return [];
    return [{ id: 'image-data-missing', severity: 'fault', proof: 'evaluated', path: first.file, ...imageLinks.value }];
  },
};
