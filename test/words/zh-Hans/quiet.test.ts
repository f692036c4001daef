import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChannelRefusedNotice, MuteNotice, MuteSummary } from '../../../src/model/record/messages/notices.ts';
import { StatusMessage } from '../../../src/model/record/messages/status-message.ts';
import { SummaryMessage } from '../../../src/model/record/messages/thread-message.ts';
import * as englishMutes from '../../../src/words/en/mutes.ts';
import * as englishRefused from '../../../src/words/en/refused-channel.ts';
import * as englishStatus from '../../../src/words/en/status.ts';
import * as englishSummary from '../../../src/words/en/summary.ts';
import type { Phrase } from '../../../src/words/phrase.ts';
import * as mutes from '../../../src/words/zh-Hans/mutes.ts';
import * as refused from '../../../src/words/zh-Hans/refused-channel.ts';
import * as status from '../../../src/words/zh-Hans/status.ts';
import * as summary from '../../../src/words/zh-Hans/summary.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

function compare(inChinese: Phrase | null, inEnglish: Phrase | null): void {
  assert.equal(inChinese === null, inEnglish === null);
  if (inChinese === null || inEnglish === null) return;
  assertSameValues(inChinese, inEnglish);
  assertChinese(inChinese);
}

test('the Chinese sum-up of a mute names the same hosts, people, windows and times', () => {
  const samples = samplesOf(MuteSummary);
  assert.deepEqual([...new Set(samples.map(({ source }) => source.kind))].sort(), ['person', 'silence', 'window']);
  for (const sample of samples) {
    compare(mutes.unmutedTitle(sample), englishMutes.unmutedTitle(sample));
    compare(mutes.muteOrigin(sample), englishMutes.muteOrigin(sample));
    compare(mutes.unmutedSentence(sample), englishMutes.unmutedSentence(sample));
    for (const line of sample.hosts) compare(mutes.mutedHost(line), englishMutes.mutedHost(line));
  }
});

test('the Chinese notice of a mute names the same host, person, reason and time', () => {
  for (const sample of samplesOf(MuteNotice)) {
    compare(mutes.mutedTitle(sample), englishMutes.mutedTitle(sample));
    compare(mutes.mutedBy(sample), englishMutes.mutedBy(sample));
    compare(mutes.unmuteAdvice(sample), englishMutes.unmuteAdvice(sample));
    compare(mutes.mutedSentence(sample), englishMutes.mutedSentence(sample));
  }
});

test('the Chinese notice of a channel that takes nothing names the same channel, number and times', () => {
  const samples = samplesOf(ChannelRefusedNotice);
  assert.ok(samples.some(({ overAt }) => overAt === null) && samples.some(({ overAt }) => overAt !== null));
  for (const sample of samples) {
    compare(refused.refusedTitle(sample), englishRefused.refusedTitle(sample));
    compare(refused.waitingLine(sample), englishRefused.waitingLine(sample));
    compare(refused.refusedAdvice(sample.why), englishRefused.refusedAdvice(sample.why));
    compare(refused.refusedSentence(sample), englishRefused.refusedSentence(sample));
    if (sample.overAt === null) continue;
    compare(refused.takenTitle(sample, sample.overAt), englishRefused.takenTitle(sample, sample.overAt));
  }
});

test('the Chinese summary of a group names the same hosts, plans and causes', () => {
  const samples = samplesOf(SummaryMessage);
  assert.deepEqual([...new Set(samples.map(({ cause }) => cause?.kind))].sort(), [
    'boot',
    'server',
    'share',
    undefined,
  ]);
  for (const sample of samples) {
    compare(summary.summaryTitle(sample), englishSummary.summaryTitle(sample));
    compare(summary.summaryCause(sample), englishSummary.summaryCause(sample));
    compare(summary.summaryAdvice(sample), englishSummary.summaryAdvice(sample));
    compare(summary.summarySentence(sample), englishSummary.summarySentence(sample));
    compare(summary.moreIncidents(sample.more), englishSummary.moreIncidents(sample.more));
    for (const line of sample.incidents) compare(summary.summaryHost(line), englishSummary.summaryHost(line));
  }
});

test('the Chinese status of an incident that flaps or was reopened tells the same numbers and times', () => {
  const samples = samplesOf(StatusMessage);
  assert.ok(samples.some(({ flapping }) => flapping) && samples.some(({ reopened }) => reopened));
  for (const sample of samples) {
    compare(status.statusFlapping(sample), englishStatus.statusFlapping(sample));
    compare(status.statusOrigin(sample), englishStatus.statusOrigin(sample));
  }
});
