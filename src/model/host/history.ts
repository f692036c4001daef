import { z } from 'zod';
import { HostPath } from './host-path.ts';
import { UnixSeconds } from './posix.ts';

/** The kind of an event in the host's own records. */
export const HostEventKind = z.enum([
  'boot',
  'shutdown',
  'mount',
  'unmount',
  'mount-failed',
  /** A filesystem was repaired, or its journal was replayed. */
  'fsck',
  /** A filesystem was checked and had no fault. */
  'fsck-clean',
  'filesystem-error',
  'remounted-read-only',
  'service-start',
  'service-stop',
  'package-change',
  'reconfigure',
  'config-change',
  'account-change',
  'mode-command',
  'mount-command',
  'privileged-command',
  'security-denial',
  /** The kernel killed the registry because memory ran out. */
  'memory-kill',
  'clock-step',
]);
export type HostEventKind = z.infer<typeof HostEventKind>;

export const HostEvent = z.strictObject({
  at: UnixSeconds,
  kind: HostEventKind,
  /** The line from the record, shortened, without secrets. */
  text: z.string().max(300),
  /** The path that the line names, if any. */
  path: HostPath.nullable(),
  /** `journal`, `/var/log/auth.log`, … */
  source: z.string().max(100),
});
export type HostEvent = z.infer<typeof HostEvent>;

/** The file's role for the registry. */
export const FileRole = z.enum(['config', 'binary', 'run-script', 'settings', 'passwd', 'group', 'fstab']);
export type FileRole = z.infer<typeof FileRole>;

/** The host's records of the time around the fault, newest last, up to a limit. */
export const HostHistory = z.strictObject({
  events: z.array(HostEvent).max(512),
  /** Which records were read, and how far back they go. */
  sources: z
    .array(
      z.strictObject({
        name: z.string().max(100),
        state: z.enum(['read', 'absent', 'unreadable', 'cut']),
        from: UnixSeconds.nullable(),
      }),
    )
    .max(64),
  /** Their ctimes. Each changes with any change of the inode, so it is an upper bound for the last change. */
  files: z.array(z.strictObject({ path: HostPath, role: FileRole, changedAt: UnixSeconds })).max(32),
});
export type HostHistory = z.infer<typeof HostHistory>;
