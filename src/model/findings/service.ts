import { z } from 'zod';
import { HttpAnswer } from '../facts.ts';
import { hostWide } from './basics.ts';

/** What can be wrong with the service, or could not be learned of it. */
export const SERVICE_FINDINGS = [
  z.strictObject({ id: z.literal('service-not-running'), ...hostWide, serviceUser: z.string().nullable() }),
  z.strictObject({ id: z.literal('identity-unknown'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('storage-root-unknown'), ...hostWide, why: z.string() }),
  z.strictObject({ id: z.literal('other-mount-namespace'), ...hostWide, pid: z.number().int() }),
  z.strictObject({ id: z.literal('storage-not-on-disk'), ...hostWide, driver: z.string() }),
  z.strictObject({ id: z.literal('health-check-off'), ...hostWide }),
  z.strictObject({
    id: z.literal('registry-unwell'),
    ...hostWide,
    v2: HttpAnswer.nullable(),
    health: HttpAnswer.nullable(),
  }),
  z.strictObject({ id: z.literal('registry-not-answering'), ...hostWide, why: z.string() }),
] as const;
