import { z } from 'zod';
import { Threat } from '../durability.ts';
import { atPath } from './basics.ts';

/** Access that works today and will not survive a reboot or a reconfigure. `path` is the storage root. */
export const DURABILITY_FINDINGS = [
  z.strictObject({ id: z.literal('breaks-at-next-reboot'), ...atPath, threats: z.array(Threat).min(1).max(32) }),
  z.strictObject({ id: z.literal('breaks-at-next-reconfigure'), ...atPath, threats: z.array(Threat).min(1).max(32) }),
] as const;
