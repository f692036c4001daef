import type { OutcomeReason, RecoveryDoubt, UnresolvedReason } from '../../model/plan/outcome-reason.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { guardReason } from './guard-reasons.ts';
import { noAnswer } from './no-answer.ts';
import { reasonClause } from './reasons.ts';
import { signingProblem } from './signing.ts';

/** Why a plan was not carried out, or why its outcome is not known: a clause, or a few sentences. */
export function outcomeReason(reason: OutcomeReason): string {
  switch (reason.code) {
    case 'no-answer':
      return noAnswer(reason.why);
    case 'not-signed-by-bot':
      return signingProblem(reason.why);
    case 'bot-restarted':
      return 'the bot restarted';
    case 'other-steps':
      return 'the host reported other steps than the plan has';
    case 'may-still-start':
      return 'the host has not started it, but an earlier request may still start it until it expires there';
    case 'expired-before-start':
      return 'it did not start on the host before it expired';
    default:
      return guardReason(reason);
  }
}

/** Why a host is not asked how a plan ended, and what to do: a clause. */
export const unresolvedReason = sentences<UnresolvedReason>({
  'host-removed': () =>
    'its host is no longer in the config file; put it back and restart Registry Doctor, which then asks it',
  'not-as-approved': () =>
    'what is stored is not what was approved, so its host isn’t asked and no other plan runs there; registry-doctor audit verify says more',
});

/** Why there is no proof that the registry recovered, in the same form. */
export function recoveryDoubt(doubt: RecoveryDoubt): string {
  switch (doubt.code) {
    case 'no-answer':
      return noAnswer(doubt.why);
    case 'registry-silent':
      return plainText(reasonClause(doubt.why));
    case 'still-unhealthy':
      return 'it still says that it is unhealthy';
    case 'host-removed':
      return 'its host is no longer in the config file';
  }
}
