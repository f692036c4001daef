import { z } from 'zod';
import { hostWide } from './basics.ts';

/** What can go wrong before there are facts to judge. */
export const CONNECTION_FINDINGS = [
  z.strictObject({ id: z.literal('login-key-unusable'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('host-unreachable'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('host-key-mismatch'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('authentication-failed'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('sudo-refused'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('probe-timed-out'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('probe-malformed'), ...hostWide, why: z.string() }),
] as const;
