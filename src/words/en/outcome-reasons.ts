import type { OutcomeReason, RecoveryDoubt } from '../../model/plan/outcome-reason.ts';
import { plainText } from '../phrase.ts';
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
