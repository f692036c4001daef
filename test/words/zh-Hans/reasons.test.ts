import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Reason } from '../../../src/model/reason.ts';
import { reasonClause as englishClause } from '../../../src/words/en/reasons.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { reasonClause } from '../../../src/words/zh-Hans/reasons.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

describe('every reason in Chinese', () => {
  for (const [code, reasons] of Map.groupBy(samplesOf(Reason), ({ code }) => code)) {
    test(`the Chinese clause of the reason ${code} names the same values as the English one and follows the style rules for Chinese`, () => {
      for (const reason of reasons) {
        const clause = reasonClause(reason);
        assertSameValues(clause, englishClause(reason));
        assertChinese(clause);
        assert.doesNotMatch(plainText(clause), /。$/);
      }
    });
  }
});

test('a Chinese clause groups the digits of a number that a host sent, and quotes anything else', () => {
  const shown = (detail: string) => plainText(reasonClause({ code: 'no-answer', detail }));
  assert.equal(shown('1234'), '1,234 秒内没有响应');
  assert.equal(shown('x'), 'x 秒内没有响应');
});

test('a Chinese clause has the reason behind a reason in brackets', () => {
  const because = { code: 'missing-on-host', detail: 'setpriv' } as const;
  assert.equal(
    plainText(reasonClause({ code: 'use-not-tried', use: 'create', because })),
    '未以服务的身份实测能否创建文件（这台主机上没有 setpriv）',
  );
});
