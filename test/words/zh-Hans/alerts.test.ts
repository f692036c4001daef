import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import { AlertNotice } from '../../../src/model/record/messages/notices.ts';
import { type AlertLine, AlertsMessage } from '../../../src/model/record/messages/thread-message.ts';
import * as english from '../../../src/words/en/alerts.ts';
import { type Phrase, say } from '../../../src/words/phrase.ts';
import * as chinese from '../../../src/words/zh-Hans/alerts.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

function compare(inChinese: Phrase, inEnglish: Phrase): void {
  assertSameValues(inChinese, inEnglish);
  assertChinese(inChinese);
}

const messages = samplesOf(AlertsMessage);
const notices = samplesOf(AlertNotice);

describe('the words about alerts in Chinese', () => {
  test('the Chinese list of an incident’s alerts names the same sources and addresses as the English one', () => {
    assert.ok(messages.length > 1);
    for (const { host, alerts, more } of messages) {
      compare(chinese.alertsTitle(host), english.alertsTitle(host));
      compare(chinese.alertsSentence(host, alerts, more), english.alertsSentence(host, alerts, more));
      compare(chinese.moreAlerts(more), english.moreAlerts(more));
      for (const line of alerts satisfies readonly AlertLine[]) {
        compare(chinese.alertLine(line), english.alertLine(line));
      }
    }
  });

  test('the Chinese messages about alerts without a host name the same alerts, labels and keys as the English ones', () => {
    assert.deepEqual([...new Set(notices.map(({ about }) => about))].sort(), [
      'left-out',
      'more-without-host',
      'no-host',
    ]);
    for (const notice of notices) {
      assertChinese(say`${chinese.noticeTitle(notice)}`);
      const pairs = chinese.noticeDetails(notice).map((line, at) => [line, english.noticeDetails(notice)[at]] as const);
      for (const [inChinese, inEnglish] of pairs) compare(inChinese, inEnglish ?? assert.fail());
    }
  });

  test('the Chinese message of an incident from an alert quotes the alert', () => {
    const line = { summary: '磁盘慢', link: null };
    assertChinese(chinese.alertQuote(line));
    assertChinese(chinese.alertsTitle(HostName.parse('git01')));
  });
});
