import { z } from 'zod';
import { NoAnswer } from '../connection/no-answer.ts';
import { Reason } from '../reason.ts';
import { GuardReason } from './guard-reason.ts';
import { SigningProblem } from './signing-problem.ts';

/** Why a plan was not applied, or why its outcome is unknown: the guard's own reason, or the bot's. */
export const OutcomeReason = z.discriminatedUnion('code', [
  GuardReason,
  z.strictObject({ code: z.literal('no-answer'), why: NoAnswer }),
  z.strictObject({ code: z.literal('not-signed-by-bot'), why: SigningProblem }),
  z.strictObject({
    code: z.enum([
      'bot-restarted',
      /** The host reported other steps than the plan has. */
      'other-steps',
      /** The host has not started it, but an earlier request might still start it. */
      'may-still-start',
      'expired-before-start',
    ]),
  }),
]);
export type OutcomeReason = z.infer<typeof OutcomeReason>;

/** Why the bot does not ask a host how a plan ended that might have begun there. */
export const UnresolvedReason = z.strictObject({
  code: z.enum([
    'host-removed',
    /** The stored plan is not the approved one, and it names the command by which its host is entered. */
    'not-as-approved',
  ]),
});
export type UnresolvedReason = z.infer<typeof UnresolvedReason>;

/** Why there is no proof that the registry recovered. */
export const RecoveryDoubt = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('no-answer'), why: NoAnswer }),
  /** The registry was sent a request and did not answer. `why` says how. */
  z.strictObject({ code: z.literal('registry-silent'), why: Reason }),
  z.strictObject({ code: z.enum(['still-unhealthy', 'host-removed']) }),
]);
export type RecoveryDoubt = z.infer<typeof RecoveryDoubt>;
