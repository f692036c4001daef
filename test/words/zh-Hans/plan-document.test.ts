import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlanDocument, planDocument } from '../../../src/host/request/plan-document.ts';
import { planDocumentLines as english } from '../../../src/words/en/plan-document.ts';
import { code, type Phrase } from '../../../src/words/phrase.ts';
import { planDocumentLines } from '../../../src/words/zh-Hans/plan-document.ts';
import { randomPlan } from '../../host/random-plan.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { assertChinese, assertSameValues } from '../../support/words/translation.ts';

const NOW = new Date('2026-01-01T00:00:00Z');

const seed = seedOfRun();
test(`the Chinese text of a plan to be signed has all values of the English one (RD_SEED=${seed})`, () => {
  const random = new SeededRandom(seed);
  for (let number = 0; number < 100; number += 1) {
    const read = parsePlanDocument(planDocument(randomPlan(random)));
    assert.ok(read.kind === 'document');
    const told = english(read.document, NOW);
    planDocumentLines(read.document, NOW).forEach((line, index) => {
      assertChinese(wordsOnly(line));
      assertSameValues(line, told[index] ?? []);
    });
  }
});

/** A step's second line stands below its first, and what a random plan names may look like anything. */
function wordsOnly(line: Phrase): Phrase {
  const words = line.map((run) => (run.kind === 'code' ? code('/x') : run));
  return words.map((run, index) => (index === 0 && run.kind === 'text' ? { ...run, text: run.text.trimStart() } : run));
}
