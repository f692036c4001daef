import { test } from 'node:test';
import { NoAnswer } from '../../../src/model/host/no-answer.ts';
import { OutcomeReason, RecoveryDoubt, UnresolvedReason } from '../../../src/model/plan/outcome-reason.ts';
import { say } from '../../../src/words/phrase.ts';
import { noAnswer } from '../../../src/words/zh-Hans/no-answer.ts';
import { outcomeReason, recoveryDoubt, unresolvedReason } from '../../../src/words/zh-Hans/outcome-reasons.ts';
import { samplesOf } from '../../support/samples-of-schema.ts';
import { assertChinese } from '../../support/translation.ts';

test('each reason why a host gave no answer keeps the rules of Chinese', () => {
  for (const reason of samplesOf(NoAnswer)) assertChinese(say`${noAnswer(reason)}`);
});

test('each reason why a plan was not carried out keeps the rules of Chinese', () => {
  for (const reason of samplesOf(OutcomeReason)) assertChinese(say`${outcomeReason(reason)}`);
});

test('each reason why a host is not asked how a plan ended keeps the rules of Chinese', () => {
  for (const reason of samplesOf(UnresolvedReason)) assertChinese(say`${unresolvedReason(reason)}`);
});

test('each reason to doubt a recovery keeps the rules of Chinese', () => {
  for (const doubt of samplesOf(RecoveryDoubt)) assertChinese(say`${recoveryDoubt(doubt)}`);
});
