import { z } from 'zod';
import { HostPath } from './host-path.ts';

/** What would undo today's state. */
export const Threat = z.discriminatedUnion('id', [
  /** Mounted now, and in no fstab line and no unit. */
  z.strictObject({ id: z.literal('mount-not-permanent'), path: HostPath, source: z.string() }),
  /** fstab names another device, filesystem or options than are mounted. */
  z.strictObject({ id: z.literal('mount-differs-from-fstab'), path: HostPath, mounted: z.string(), fstab: z.string() }),
  /** fstab uses a name such as /dev/sdb1, which the kernel gives anew at each boot. */
  z.strictObject({ id: z.literal('device-name-not-stable'), path: HostPath, source: z.string() }),
  /** The way leads through a place that is empty after a boot (/run, tmpfs) or that a desktop mounts for one user (/media). */
  z.strictObject({ id: z.literal('volatile-place'), path: HostPath, why: z.enum(['tmpfs', 'run', 'removable-media']) }),
  /** tmpfiles.d, cron or a unit sets this directory again. */
  z.strictObject({ id: z.literal('mode-reset'), path: HostPath, file: z.string(), line: z.string() }),
  /** `gitlab-ctl reconfigure` sets the mode of this directory. */
  z.strictObject({ id: z.literal('reconfigure-resets'), path: HostPath, to: z.string() }),
  /** The directory under the mount, which shows when the mount is missing at boot, would be written to instead. */
  z.strictObject({ id: z.literal('nofail-stub'), path: HostPath }),
]);
export type Threat = z.infer<typeof Threat>;

/** Will it last: through a reboot, and through `gitlab-ctl reconfigure` where there is one? */
export const Durability = z.strictObject({
  /** `not-applicable`: there is no such thing on this host. */
  reboot: z.enum(['holds', 'breaks', 'unknown']),
  reconfigure: z.enum(['holds', 'breaks', 'unknown', 'not-applicable']),
  threats: z.array(Threat).max(32),
  /** Why an answer is unknown, each a short clause. */
  unknowns: z.array(z.string().max(200)).max(16),
});
export type Durability = z.infer<typeof Durability>;
