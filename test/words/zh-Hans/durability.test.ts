import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Durability, Threat } from '../../../src/model/diagnosis/durability.ts';
import {
  lastingChange as englishChange,
  lastingFix as englishFix,
  durabilityPhrases as englishPhrases,
  threatSentence as englishThreat,
} from '../../../src/words/en/durability.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { durabilityPhrases, lastingChange, lastingFix, threatSentence } from '../../../src/words/zh-Hans/durability.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

describe('every reboot warning in Chinese', () => {
  for (const [id, threats] of Map.groupBy(samplesOf(Threat), ({ id }) => id)) {
    test(`the Chinese reboot warning ${id} names the same values as the English one and follows the style rules for Chinese`, () => {
      for (const threat of threats.flatMap(withKnownFiles)) {
        assertSameValues(threatSentence(threat), englishThreat(threat));
        assertSameValues(lastingChange(threat), englishChange(threat));
        for (const words of [threatSentence(threat), lastingChange(threat)]) assertChinese(words);
      }
    });
  }
});

/** What to do depends on where the line is. */
function withKnownFiles(threat: Threat): readonly Threat[] {
  if (!('file' in threat)) return [threat];
  const files = ['/etc/fstab', '/usr/lib/tmpfiles.d/a.conf', '/usr/lib/systemd/system/a.service', '/etc/cron.d/a'];
  return files.map((file) => ({ ...threat, file }));
}

test('each Chinese answer on whether a fix survives a reboot says what is unknown', () => {
  for (const durability of samplesOf(Durability)) {
    const english = englishPhrases({ durability, findings: [], isBroken: true });
    const chinese = durabilityPhrases({ durability, findings: [], isBroken: true });
    assert.equal(chinese.length, english.length);
    for (const [at, phrase] of chinese.entries()) {
      assertSameValues(phrase, english[at] ?? []);
      assertChinese(phrase);
    }
    assert.equal(lastingFix(durability) === null, englishFix(durability) === null);
  }
});

test('the Chinese answer on whether a fix survives a reboot has the wording of the house style', () => {
  const [sure] = durabilityPhrases({
    durability: { reboot: 'holds', reconfigure: 'not-applicable', threats: [], unknowns: [] },
    findings: [],
    isBroken: false,
  });
  assert.equal(
    plainText(sure ?? []),
    '重启后仍然有效：是。本机没有任何机制会重置这些权限，路径上的挂载也都会在启动时自动挂上。',
  );
});
