import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { Mode } from '../../host/posix.ts';
import { SecurityModule } from '../../host/security-module.ts';
import { Reason } from '../../reason.ts';
import { AccessAuthority, PermissionClass } from '../access.ts';
import { atPath, NoChmod } from './basics.ts';

/**
 * A possible reason why the kernel's answer differs from the computed one, chosen from the facts about the directory.
 */
export const LikelyReason = z.strictObject({
  reason: z.enum([
    ...AccessAuthority.options,
    /** The immutable attribute was not read. */
    'attribute-unread',
    /** The path was changed shortly before the probe, or while the probe ran. */
    'changed-in-between',
  ]),
  /** The filesystem or the label that is the reason. */
  detail: z.string().nullable(),
  /** Why the ACL or the attribute was not read. */
  why: Reason.optional(),
});
export type LikelyReason = z.infer<typeof LikelyReason>;

/** Faults of the path to the storage root, and what could not be judged on it. */
export const STORAGE_PATH_FINDINGS = [
  z.strictObject({
    id: z.literal('untraversable-ancestor'),
    ...atPath,
    mode: Mode,
    owner: z.string(),
    group: z.string(),
    /** The class that decided, and so the one without `x`. */
    decidedBy: PermissionClass,
    /** The symlink on the storage path that leads here, if any. */
    throughLink: z.strictObject({ path: HostPath, target: z.string() }).nullable(),
    /** Why no chmod is proposed. Null: adding the missing permission is right. */
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
  z.strictObject({
    id: z.literal('readonly-mount'),
    ...atPath,
    mountPoint: HostPath,
    /**
     * Whether fstab has this mount writable or read-only, or the host has the directory writable and only the process's
     * own mount is read-only. Null: unknown.
     */
    setUp: z.enum(['writable', 'read-only', 'for-process-alone']).nullable().default(null),
  }),
  z.strictObject({
    id: z.literal('access-disagreement'),
    ...atPath,
    /** `stat`: a stat of the storage root by the whole path. */
    operation: z.enum(['search', 'stat', 'list', 'create']),
    evaluated: z.enum(['allowed', 'denied']),
    tried: z.enum(['allowed', 'denied']),
    /** The likeliest first. Empty: no known fact explains it. */
    likely: z.array(LikelyReason).max(8).default([]),
  }),
  z.strictObject({ id: z.literal('immutable-directory'), ...atPath }),
  z.strictObject({
    id: z.literal('protected-symlink'),
    ...atPath,
    target: z.string(),
    linkOwner: z.string(),
    directory: HostPath,
    directoryOwner: z.string(),
  }),
  z.strictObject({ id: z.literal('nosymfollow-mount'), ...atPath, target: z.string(), mountPoint: HostPath }),
  z.strictObject({
    id: z.literal('security-module-denies'),
    ...atPath,
    module: SecurityModule,
    /** Label or profile of the registry's process. Null if it was not read. */
    label: z.string().nullable(),
    /** The registry's own message, from its health page or its log. */
    words: z.string(),
    toldBy: z.enum(['health', 'log']),
  }),
  z.strictObject({ id: z.literal('path-not-visible'), ...atPath, why: Reason }),
  z.strictObject({ id: z.literal('access-not-judged'), ...atPath, why: Reason }),
] as const;
