import { z } from 'zod';
import { Mode } from './facts.ts';
import { HostPath } from './host-path.ts';

/** The one class of permission bits that the kernel picks for an identity (path_resolution(7), acl(5)). */
export const PermissionClass = z.enum(['owner', 'group', 'other', 'named-user', 'named-group']);
export type PermissionClass = z.infer<typeof PermissionClass>;

/** Why a step of the walk may, or may not, be passed. Data; `words/` turns it into a sentence. */
export const AccessReason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bits'), class: PermissionClass, granted: z.boolean() }),
  z.strictObject({ kind: z.literal('capability'), capability: z.enum(['CAP_DAC_OVERRIDE', 'CAP_DAC_READ_SEARCH']) }),
  /** A symlink's own mode plays no part (symlink(7)). */
  z.strictObject({ kind: z.literal('symlink') }),
  z.strictObject({ kind: z.literal('missing') }),
  z.strictObject({ kind: z.literal('not-a-directory') }),
  z.strictObject({ kind: z.literal('loop') }),
  z.strictObject({ kind: z.literal('unseen'), why: z.string() }),
  /** The bits say one thing, the kernel another. */
  z.strictObject({
    kind: z.literal('disagreement'),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
  }),
]);
export type AccessReason = z.infer<typeof AccessReason>;

/** One step of the way from `/` to the storage root, judged for one identity. */
export const WalkStep = z.strictObject({
  path: HostPath,
  kind: z.enum(['directory', 'symlink', 'file', 'missing']),
  target: z.string().nullable(),
  /** Null where it could not be seen, and for symlinks, whose mode means nothing. */
  mode: Mode.nullable(),
  owner: z.string().nullable(),
  group: z.string().nullable(),
  access: z.enum(['allowed', 'denied', 'unknown']),
  reason: AccessReason,
  /** How `access` is known. */
  proof: z.enum(['kernel', 'evaluated', 'unproven']),
});
export type WalkStep = z.infer<typeof WalkStep>;
