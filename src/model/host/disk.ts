import { z } from 'zod';
import { Fact } from '../fact.ts';
import { HostPath } from './host-path.ts';
import { Mode, UnixSeconds } from './posix.ts';

/** One line of a mount table (proc_pid_mountinfo(5)). */
export const MountEntry = z.strictObject({
  mountPoint: HostPath,
  filesystem: z.string(),
  source: z.string(),
  options: z.array(z.string()),
  /** The mount's id, and that of its parent mount. Null in facts of older probes, as are the next two. */
  id: z.number().int().nullable().default(null),
  parent: z.number().int().nullable().default(null),
  /** `major:minor` of the filesystem. */
  device: z.string().nullable().default(null),
  /** The directory of the filesystem that is mounted here: `/`, or a deeper one for a bind mount. */
  root: z.string().nullable().default(null),
});
export type MountEntry = z.infer<typeof MountEntry>;

/** A line of fstab(5). */
export const FstabEntry = z.strictObject({
  source: z.string(),
  mountPoint: HostPath,
  filesystem: z.string(),
  options: z.array(z.string()),
});
export type FstabEntry = z.infer<typeof FstabEntry>;

/** A systemd mount or automount unit, from `systemctl show`. */
export const MountUnit = z.strictObject({
  unit: z.string(),
  where: HostPath,
  what: z.string(),
  activeState: z.string(),
  result: z.string(),
  /** `/etc/fstab`, a unit file, or empty for a manual mount. */
  definedIn: z.string(),
  /**
   * Whether its unit file is enabled, so that a boot starts it. False for a unit made from fstab, whose line says the
   * same.
   */
  enabled: z.boolean().default(false),
  activeSince: Fact(UnixSeconds),
});
export type MountUnit = z.infer<typeof MountUnit>;

/**
 * A boot-time rule: a line on the host that sets the mode or owner of a directory, or empties it, at boot or on a
 * schedule.
 */
export const ModeReset = z.strictObject({
  kind: z.enum(['tmpfiles', 'cron', 'unit']),
  file: z.string(),
  /** The line as written, shortened. */
  line: z.string(),
  /** The path as the line names it, perhaps through a symlink. */
  path: HostPath,
  /**
   * The directory's mode and owners afterwards, each null if the line does not set it. Null as a whole: the line could
   * not be interpreted.
   */
  sets: z
    .strictObject({ mode: Mode.nullable(), owner: z.string().nullable(), group: z.string().nullable() })
    .nullable()
    .default(null),
  /** Whether it changes everything below as well. */
  recursive: z.boolean().default(false),
  /** The files that it removes: all of them, or those unused for a while. Null: none. */
  removes: z.enum(['everything', 'old-files']).nullable().default(null),
});
export type ModeReset = z.infer<typeof ModeReset>;

/** What the host is configured to mount, as opposed to what is mounted. */
export const MountSetup = z.strictObject({
  fstab: Fact(z.array(FstabEntry).max(1024)),
  /** Absent: no systemd. Without the units for mounts of the kernel, containers and packages. */
  units: Fact(z.array(MountUnit).max(256)),
  /** The boot-time rules for directories that can be on the path. */
  resets: Fact(z.array(ModeReset).max(64)),
  /** Device file → UUID of its filesystem. */
  uuids: Fact(z.record(z.string(), z.string())),
  /** Source, as in fstab or the mount table → `major:minor` of its device. Only sources that are devices. */
  devices: Fact(z.record(z.string(), z.string().regex(/^\d+:\d+$/))),
});
export type MountSetup = z.infer<typeof MountSetup>;

/** Free space on the filesystem of the storage root, for an ordinary account (statvfs: f_bavail, f_favail). */
export const DiskSpace = z.strictObject({
  sizeBytes: z.number().min(0),
  availableBytes: z.number().min(0),
  /** 0 on filesystems that create inodes on demand. */
  inodes: z.number().min(0),
  availableInodes: z.number().min(0),
});
export type DiskSpace = z.infer<typeof DiskSpace>;

/** The security modules that might deny what mode bits allow. */
export const Security = z.strictObject({
  selinux: Fact(z.enum(['enforcing', 'permissive', 'disabled'])),
  /**
   * The label or profile of the registry's process (/proc/PID/attr/current). Absent if it is unconfined or has none.
   */
  processLabel: Fact(z.string()),
  /** sysctl fs.protected_symlinks (proc_sys_fs(5)). */
  protectedSymlinks: Fact(z.boolean()),
  protectedHardlinks: Fact(z.boolean()),
});
export type Security = z.infer<typeof Security>;
