import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { JudgedService } from '../../../src/model/diagnosis/diagnosis.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { findingWords, headlineOf } from '../../../src/words/en/findings.ts';
import type { FindingContext } from '../../../src/words/finding-words.ts';
import { plainText, say } from '../../../src/words/phrase.ts';
import { headlineOf as chineseHeadline, findingWords as chineseWords } from '../../../src/words/zh-Hans/findings.ts';
import { hostPath } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { samplesOf } from '../../support/facts/samples-of-schema.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

const incident = judgeFacts(incidentFacts());
const { plan } = incident;
/** A plan whose steps are about the path of every sample. */
const planned = plan && { ...plan, steps: plan.steps.map((step) => ({ ...step, path: hostPath('/srv/path') })) };
const services = samplesOf(JudgedService.nullable());
const BESIDE_PLAN: FindingContext = { ...incident, plan: planned };
const BESIDE_SERVICE: readonly FindingContext[] = services.map((service) => ({ ...incident, service, plan: null }));

describe('every finding in Chinese', () => {
  for (const [id, samples] of Map.groupBy(samplesOf(Finding), ({ id }) => id)) {
    test(`the Chinese finding ${id} names the same values as the English one in ${samples.length} variants, and follows the style rules for Chinese`, () => {
      for (const finding of samples) compare(finding, BESIDE_PLAN);
      // Each sample and each service, though not each of them together.
      for (let nth = 0; nth < Math.max(samples.length, services.length); nth += 1) {
        compare(inTurn(samples, nth), inTurn(BESIDE_SERVICE, nth));
      }
    });
  }
});

function inTurn<T>(all: readonly T[], nth: number): T {
  return all[nth % all.length] ?? assert.fail('there are some');
}

function compare(finding: Finding, context: FindingContext): void {
  const english = findingWords(finding, context);
  const chinese = chineseWords(finding, context);
  for (const part of ['title', 'because', 'remedy'] as const) {
    assertSameValues(chinese[part], english[part]);
    assertChinese(chinese[part]);
  }
  assert.doesNotMatch(plainText(chinese.title), /。$/);
  assert.match(plainText(chinese.because), /。$/);
  assert.match(plainText(chinese.remedy), /。$/);
  const headline = chineseHeadline(finding);
  assert.equal(headline === null, headlineOf(finding) === null);
  if (headline !== null) assertChinese(say`${headline}`);
}

test('the Chinese finding of the incident has the wording of the house style', () => {
  const [first] = incident.findings;
  assert.ok(first);
  const { title, because, remedy } = chineseWords(first, incident);
  assert.equal(chineseHeadline(first), 'Registry 无法访问存储目录');
  assert.equal(plainText(title), '用户 registry 无法穿过目录 /data/vol1/ops（缺少 x 权限）');
  assert.equal(
    plainText(because),
    'registry（uid 993，gid 993，没有其他组）在这里被拦住：不是属主，不在 ops 组，其他用户没有 x 权限。' +
      '该目录的权限是 drwxr-x---（0750），属主和属组是 root:ops。' +
      '存储路径经过符号链接 /var/opt/gitlab/gitlab-rails → /data/vol1/ops/disk4t/gitlab-rails。',
  );
  assert.equal(plainText(remedy), '只补上缺少的权限：chmod 0751 /data/vol1/ops。下面的方案会在获批后执行。');
});
