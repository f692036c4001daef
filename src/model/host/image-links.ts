import { z } from 'zod';
import { HostPath } from './host-path.ts';

/**
 * How the chain from a tag to the files of a pull is broken. Seen with docker-registry 2.8.2 (GET of the tag in
 * brackets): a link file without a digest (500), a missing link file, manifest or layer (404), an empty blob (500; a
 * layer's has status 200 and is too short). `link-missing`: a tag's directory without its link file.
 */
export const ImageDamageKind = z.enum([
  'empty-link',
  'malformed-link',
  'link-missing',
  'revision-missing',
  'blob-missing',
  'blob-empty',
  'manifest-unreadable',
  'layer-missing',
]);
export type ImageDamageKind = z.infer<typeof ImageDamageKind>;

export const ImageDamage = z.strictObject({
  kind: ImageDamageKind,
  repository: z.string().max(1024),
  /** The tag. Null: the manifest has no tag, or none that was checked. */
  tag: z.string().max(1024).nullable(),
  /** The file that is empty, unreadable or missing. */
  file: HostPath,
});
export type ImageDamage = z.infer<typeof ImageDamage>;

/** The targets of tags, checked on the host, newest first, with limits on time and number. */
export const ImageLinks = z.strictObject({
  /** False: not all tags and manifests were checked, or one was too recent to be judged. */
  complete: z.boolean(),
  tagsListed: z.number().int().min(0),
  tagsLookedAt: z.number().int().min(0),
  /** Manifests that were read for their layers. */
  manifestsRead: z.number().int().min(0),
  brokenTags: z.number().int().min(0),
  /** Manifests that can't be pulled by digest, beside those of the tags. */
  brokenUntagged: z.number().int().min(0),
  kinds: z.array(z.strictObject({ kind: ImageDamageKind, count: z.number().int().min(1) })).max(8),
  /** Samples of the damage: at least one of each kind, the newest first. */
  samples: z.array(ImageDamage).max(16),
});
export type ImageLinks = z.infer<typeof ImageLinks>;
