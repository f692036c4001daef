import { z } from 'zod';
import { PermissionClass } from '../access.ts';
import { HostPath } from '../host-path.ts';
import { Mode } from '../posix.ts';
import { atPath, NoChmod } from './basics.ts';

/** What can be wrong with the way to the storage root, or could not be judged on it. */
export const STORAGE_PATH_FINDINGS = [
  z.strictObject({
    id: z.literal('untraversable-ancestor'),
    ...atPath,
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    /** The class that decided, and so the one that lacks `x`. */
    decidedBy: PermissionClass,
    /** The symlink on the storage path through which the path comes here, if any. */
    throughLink: z.strictObject({ path: HostPath, target: z.string() }).nullable(),
    /** Null: the bit that lacks is the right thing to add. */
    noChmod: NoChmod.nullable(),
  }),
  z.strictObject({ id: z.literal('dangling-link'), ...atPath, target: z.string(), missing: HostPath }),
  z.strictObject({ id: z.literal('storage-root-missing'), ...atPath }),
  z.strictObject({ id: z.literal('not-a-directory'), ...atPath }),
  z.strictObject({ id: z.literal('symlink-loop'), ...atPath }),
  z.strictObject({
    id: z.literal('storage-root-unusable'),
    ...atPath,
    lacking: z.array(z.enum(['list', 'create', 'search'])).min(1),
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    decidedBy: PermissionClass,
    noChmod: NoChmod.nullable(),
  }),
  z.strictObject({ id: z.literal('readonly-mount'), ...atPath, mountPoint: HostPath }),
  z.strictObject({
    id: z.literal('access-disagreement'),
    ...atPath,
    /** `stat`: of the storage root, by the whole path. */
    operation: z.enum(['search', 'stat', 'list', 'create']),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
  }),
  z.strictObject({ id: z.literal('path-not-visible'), ...atPath, why: z.string() }),
  z.strictObject({ id: z.literal('access-not-judged'), ...atPath, why: z.string() }),
] as const;
