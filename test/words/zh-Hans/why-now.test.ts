import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Evidence,
  EvidenceId,
  Hypothesis,
  TimelineEntry,
  type WhyNow,
} from '../../../src/model/diagnosis/why-now.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { whyNowPhrases as englishPhrases, timelineLine as englishTimelineLine } from '../../../src/words/en/why-now.ts';
import { evidenceClause as englishClause } from '../../../src/words/en/why-now-evidence.ts';
import { clock } from '../../../src/words/moment.ts';
import { type Phrase, plainText } from '../../../src/words/phrase.ts';
import { timelineLine, whyNowAnswer, whyNowLead, whyNowPhrases } from '../../../src/words/zh-Hans/why-now.ts';
import { evidenceClause } from '../../../src/words/zh-Hans/why-now-evidence.ts';
import { hostPath } from '../../support/facts/facts-builder.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

const BOOT = Date.UTC(2026, 10, 24, 13, 40) / 1000;
const HOST = HostName.parse('git01');

function piece(id: EvidenceId, of: Partial<Evidence> = {}): Evidence {
  return { id, at: BOOT + 60, path: hostPath('/data/vol1/ops'), text: 'words', ...of };
}

describe('every piece of evidence in Chinese', () => {
  for (const id of EvidenceId.options) {
    test(`the Chinese evidence ${id} names the same values as the English one and follows the style rules for Chinese`, () => {
      for (const bootedAt of [BOOT, BOOT + 120, null]) {
        const clause = evidenceClause(piece(id), bootedAt);
        assertSameValues(clause, englishClause(piece(id), bootedAt));
        assertChinese(clause);
        assert.doesNotMatch(plainText(clause), /。$/);
      }
    });
  }

  test('the Chinese words for evidence without a time say that it has none', () => {
    for (const id of ['changed-before-boot', 'last-good-access', 'mount-failed'] as const) {
      const clause = evidenceClause(piece(id, { at: null }), BOOT);
      assertSameValues(clause, englishClause(piece(id, { at: null }), BOOT));
      assertChinese(clause);
    }
  });
});

test('the Chinese words for a host’s wrong clock say whether it is fast or slow and by how much', () => {
  const shown = (text: string | null) => plainText(evidenceClause(piece('clock-ahead', { text }), null));
  assert.equal(shown('90'), '主机的时钟快 90 秒');
  assert.equal(shown('-1234'), '主机的时钟慢 1,234 秒');
  assert.equal(shown(null), '主机的时钟与机器人的不一致');
});

test('the Chinese words for each event in the history name the same values as the English ones, and follow the style rules', () => {
  for (const entry of samplesOf(TimelineEntry)) {
    assertSameValues(timelineLine(entry), englishTimelineLine(entry));
    assertChinese(timelineLine(entry));
  }
});

test('the Chinese words for each possible cause, likely or not, name the same values as the English ones, and follow the style rules', () => {
  const evidence = [piece('who-changed-it'), piece('mode-command')];
  for (const sample of samplesOf(Hypothesis)) {
    const hypothesis = { ...sample, evidence: sample.evidence.length === 0 ? [] : evidence, missing: evidence };
    const story = { timeline: [], hypotheses: [hypothesis], doubts: [piece('clock-ahead', { text: '90' })] };
    const english = englishPhrases(story, HOST).flat();
    for (const [at, phrase] of whyNowPhrases(story, HOST).flat().entries()) {
      assertSameValues(phrase, english[at] ?? []);
      assertChinese(phrase);
    }
    for (const answer of [whyNowAnswer(story), whyNowLead(story)]) assertChinese(answer);
  }
});

const shown = (phrase: Phrase) => phrase.map((run) => (run.kind === 'time' ? clock(run) : plainText([run]))).join('');

test('the Chinese short answer to “why now” says what is likely, unknown, also possible and ruled out', () => {
  const hypothesis = (id: Hypothesis['id'], of: Partial<Hypothesis>): Hypothesis => ({
    ...{ id, standing: 'refuted', strength: null, evidence: [], missing: [] },
    ...of,
  });
  const story: WhyNow = {
    timeline: [{ at: BOOT, kind: 'boot', path: null, text: '', source: 'journal', certainty: 'recorded' }],
    doubts: [],
    hypotheses: [
      hypothesis('mode-changed', {
        ...{ standing: 'supported', strength: 'strong' },
        evidence: [piece('attributes-changed-after-boot')],
        missing: [piece('who-changed-it')],
      }),
      hypothesis('late-or-failed-mount', { standing: 'supported', strength: 'weak' }),
      hypothesis('boot-job-resets', {}),
      hypothesis('container-kept-mounts', {}),
    ],
  };
  assert.equal(
    shown(whyNowLead(story)),
    '很可能的原因：/data/vol1/ops 的权限位、属主或 ACL 在 2026-11-24 13:41 UTC（重启后 1 分钟）被修改过。' +
      '另外有可能：磁盘挂载过晚或未挂载。' +
      '未知：是谁改的、怎么改的（日志中没有记录）。' +
      '已排除：开机任务重置权限位或属主；Registry 的容器仍保留旧的挂载。',
  );
});
