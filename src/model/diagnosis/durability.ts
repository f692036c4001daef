import { z } from 'zod';
import { HostPath } from '../host/host-path.ts';
import { Mode } from '../host/posix.ts';
import { Reason } from '../reason.ts';

/** Something that would undo the current access at a reboot or a reconfigure. */
export const Threat = z.discriminatedUnion('id', [
  /** Mounted now, but no boot mounts it: it is in no fstab line and no enabled unit, or its line says `noauto`. */
  z.strictObject({
    id: z.literal('mount-not-permanent'),
    path: HostPath,
    /** The source as mounted, and by the UUID of its filesystem if known. */
    source: z.string(),
    uuid: z.string().nullable(),
    filesystem: z.string(),
    /** Options that decide what is visible there, and who can use it. */
    options: z.array(z.string()).max(64),
    /** The directory of that filesystem that is mounted here, if not the whole one (a bind mount). */
    bindOf: z.string().nullable(),
    noauto: z.boolean(),
  }),
  /** fstab names another device, filesystem, subvolume or options than are mounted. */
  z.strictObject({
    id: z.literal('mount-differs-from-fstab'),
    path: HostPath,
    differs: z.enum(['source', 'filesystem', 'options']),
    mounted: z.string(),
    fstab: z.string(),
  }),
  /** fstab uses a name such as /dev/sdb1, which the kernel assigns again at each boot. */
  z.strictObject({
    id: z.literal('device-name-not-stable'),
    path: HostPath,
    source: z.string(),
    uuid: z.string().nullable(),
  }),
  /**
   * The path leads through a directory that is empty after a boot (/run, tmpfs) or that a desktop mounts for one user
   * (/media).
   */
  z.strictObject({
    id: z.literal('volatile-place'),
    path: HostPath,
    why: z.enum(['tmpfs', 'run', 'removable-media']),
  }),
  /** A line of tmpfiles.d, cron, a unit or a mount option sets this directory's mode or owner again. */
  z.strictObject({
    id: z.literal('mode-reset'),
    path: HostPath,
    file: z.string(),
    line: z.string(),
    /** False: the line could not be interpreted, so it might be harmless. */
    understood: z.boolean(),
  }),
  /** A line of the same kind that removes the files themselves. */
  z.strictObject({
    id: z.literal('contents-removed'),
    path: HostPath,
    file: z.string(),
    line: z.string(),
    what: z.enum(['everything', 'old-files']),
  }),
  /** `gitlab-ctl reconfigure` sets this directory's mode and owner again. */
  z.strictObject({
    id: z.literal('reconfigure-resets'),
    path: HostPath,
    to: Mode,
    owner: z.string(),
    group: z.string(),
    understood: z.boolean(),
  }),
  /** A boot continues without this mount, and the directory underneath would be written to instead. */
  z.strictObject({ id: z.literal('nofail-stub'), path: HostPath }),
]);
export type Threat = z.infer<typeof Threat>;

/** Whether the registry's access survives a reboot, and `gitlab-ctl reconfigure` if the host has GitLab. */
export const Durability = z.strictObject({
  reboot: z.enum(['holds', 'breaks', 'unknown']),
  /** `not-applicable`: this host has no GitLab. */
  reconfigure: z.enum(['holds', 'breaks', 'unknown', 'not-applicable']),
  threats: z.array(Threat).max(32),
  /** Why an answer is unknown. */
  unknowns: z.array(Reason).max(16),
});
export type Durability = z.infer<typeof Durability>;
