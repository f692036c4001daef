import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { atPath, hostWide } from './basics.ts';

/** Faults of a registry whose process has mounts of its own, or might have. */
export const NAMESPACE_FINDINGS = [
  z.strictObject({ id: z.literal('other-mount-namespace'), ...hostWide, pid: z.number().int() }),
  z.strictObject({
    id: z.literal('container-sees-old-mount'),
    ...atPath,
    pid: z.number().int(),
    /** The host's path of the process's directory, which the mount covers. */
    coveredAt: HostPath,
    mountPoint: HostPath,
    source: z.string(),
    filesystem: z.string(),
  }),
  /** How the storage gets into the container in which the probe ran. */
  z.strictObject({
    id: z.literal('looked-from-inside'),
    ...atPath,
    enteredBy: z.array(z.string()).min(1),
    /** Which directory of which filesystem is mounted there. Null: unknown. */
    mount: z.strictObject({ mountPoint: HostPath, source: z.string(), directory: z.string() }).nullable(),
  }),
] as const;
