import { z } from 'zod';
import { HostPath } from '../../host/host-path.ts';
import { atPath, hostWide } from './basics.ts';

/** What is wrong where the registry's process sees another tree than the host, or could not be learned there. */
export const NAMESPACE_FINDINGS = [
  z.strictObject({ id: z.literal('other-mount-namespace'), ...hostWide, pid: z.number().int() }),
  z.strictObject({
    id: z.literal('container-sees-old-mount'),
    ...atPath,
    pid: z.number().int(),
    /** Where the process's directory would be on the host, were it not for the mount. */
    coveredAt: HostPath,
    mountPoint: HostPath,
    source: z.string(),
    filesystem: z.string(),
  }),
  /** How the storage gets into the place where the probe ran. */
  z.strictObject({
    id: z.literal('looked-from-inside'),
    ...atPath,
    enteredBy: z.array(z.string()).min(1),
    /** Which directory of which filesystem is mounted there; null: not known. */
    mount: z.strictObject({ mountPoint: HostPath, source: z.string(), directory: z.string() }).nullable(),
  }),
] as const;
