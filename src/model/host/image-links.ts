import { z } from 'zod';
import { HostPath } from './host-path.ts';

/**
 * How the way from a tag to what a pull needs is broken. Seen with docker-registry 2.8.2 (GET of the tag in brackets):
 * a link without a digest in it (500), a link, manifest or layer that is not there (404), a blob without a byte (500; a layer's
 * comes with status 200 and too short). `link-missing`: a tag's directory without its link.
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
  /** Null: a manifest that no tag points to, or none that was looked at. */
  tag: z.string().max(1024).nullable(),
  /** The file that is empty, cannot be read, or is not there. */
  file: HostPath,
});
export type ImageDamage = z.infer<typeof ImageDamage>;

/** What tags point to, looked at on the host: bounded in time and number, the newest first. */
export const ImageLinks = z.strictObject({
  /** False: not all tags and manifests were looked at, or something was too young to be judged. */
  complete: z.boolean(),
  tagsListed: z.number().int().min(0),
  tagsLookedAt: z.number().int().min(0),
  /** Manifests that were read for the layers that they need. */
  manifestsRead: z.number().int().min(0),
  brokenTags: z.number().int().min(0),
  /** Manifests that cannot be pulled by their digest, beside those of the tags. */
  brokenUntagged: z.number().int().min(0),
  kinds: z.array(z.strictObject({ kind: ImageDamageKind, count: z.number().int().min(1) })).max(8),
  /** At least one of each kind, the newest first. */
  samples: z.array(ImageDamage).max(16),
});
export type ImageLinks = z.infer<typeof ImageLinks>;
