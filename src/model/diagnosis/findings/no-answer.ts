import { z } from 'zod';
import { NoAnswer } from '../../connection/no-answer.ts';
import { hostWide } from './basics.ts';

/** Findings for a host that gave no usable answer, so there are no facts to judge. */
export const NO_ANSWER_FINDINGS = [
  z.strictObject({ id: z.literal('login-key-unusable'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('host-unreachable'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('host-key-mismatch'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('authentication-failed'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('sudo-refused'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('guard-mismatch'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('guard-refused'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('probe-timed-out'), ...hostWide, why: NoAnswer }),
  z.strictObject({ id: z.literal('probe-malformed'), ...hostWide, why: NoAnswer }),
] as const;
