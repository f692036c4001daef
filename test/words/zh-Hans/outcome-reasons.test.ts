import { test } from 'node:test';
import { NoAnswer } from '../../../src/model/connection/no-answer.ts';
import { OutcomeReason, RecoveryDoubt, UnresolvedReason } from '../../../src/model/plan/outcome-reason.ts';
import { say } from '../../../src/words/phrase.ts';
import { noAnswer } from '../../../src/words/zh-Hans/no-answer.ts';
import { outcomeReason, recoveryDoubt, unresolvedReason } from '../../../src/words/zh-Hans/outcome-reasons.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese } from '../../support/words/translation.ts';

test('each Chinese reason why a host gave no answer follows the style rules for Chinese', () => {
  for (const reason of samplesOf(NoAnswer)) assertChinese(say`${noAnswer(reason)}`);
});

test('each Chinese reason why a plan was not carried out follows the style rules for Chinese', () => {
  for (const reason of samplesOf(OutcomeReason)) assertChinese(say`${outcomeReason(reason)}`);
});

test('each Chinese reason why a host is not asked how a plan ended follows the style rules for Chinese', () => {
  for (const reason of samplesOf(UnresolvedReason)) assertChinese(say`${unresolvedReason(reason)}`);
});

test('each Chinese reason to doubt a recovery follows the style rules for Chinese', () => {
  for (const doubt of samplesOf(RecoveryDoubt)) assertChinese(say`${recoveryDoubt(doubt)}`);
});
