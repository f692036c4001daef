import { z } from 'zod';
import { HostPath } from './host-path.ts';
import { UnixSeconds } from './posix.ts';

/** Something that the host's own records say happened. */
export const HostEventKind = z.enum([
  'boot',
  'shutdown',
  'mount',
  'unmount',
  'mount-failed',
  /** A filesystem was repaired, or its journal was replayed. */
  'fsck',
  /** It was looked at, and nothing was wrong. */
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
  /** The kernel killed the registry for lack of memory. */
  'memory-kill',
  'clock-step',
]);
export type HostEventKind = z.infer<typeof HostEventKind>;

export const HostEvent = z.strictObject({
  at: UnixSeconds,
  kind: HostEventKind,
  /** The line as the record has it, shortened, without secrets. */
  text: z.string().max(300),
  /** The path that the line names, where it names one. */
  path: HostPath.nullable(),
  /** `journal`, `/var/log/auth.log`, … */
  source: z.string().max(100),
});
export type HostEvent = z.infer<typeof HostEvent>;

/** What a file decides for the registry. */
export const FileRole = z.enum(['config', 'binary', 'run-script', 'settings', 'passwd', 'group', 'fstab']);
export type FileRole = z.infer<typeof FileRole>;

/** What the host's records tell of the time around the fault, newest last, bounded. */
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
  /** Their ctimes: each moves with any change of the inode, so that it bounds the last change from above. */
  files: z.array(z.strictObject({ path: HostPath, role: FileRole, changedAt: UnixSeconds })).max(32),
});
export type HostHistory = z.infer<typeof HostHistory>;
