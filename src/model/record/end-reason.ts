import { z } from 'zod';
import { PlanId } from './ids.ts';

/** Why a plan ended before it ran, or an incident before it was resolved. */
export const EndReason = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.enum([
      'expired-before-run',
      /** What is stored is not what was approved. */
      'not-as-approved',
      'host-removed',
      /** The config now names another place on its host for the registry. */
      'other-place',
      'newer-diagnosis',
      'diagnosis-requested',
      'narrower-chosen',
      'healthy-again',
    ]),
  }),
  z.strictObject({ code: z.literal('undo-requested'), planId: PlanId }),
]);
export type EndReason = z.infer<typeof EndReason>;
