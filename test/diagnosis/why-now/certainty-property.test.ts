import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Hypothesis, WhyNow } from '../../../src/model/diagnosis/why-now.ts';
import { unknown } from '../../../src/model/fact.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { LEAD_LIMIT, whyNowLead, whyNowPhrases } from '../../../src/words/en/why-now.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { roundsOf } from '../../support/campaign.ts';
import { SeededRandom, seedOfRun } from '../../support/random.ts';
import { randomStory } from './random-story.ts';
import { explain } from './why-now-facts.ts';

const ROUNDS = roundsOf(600, 2_000);
const HOST = HostName.parse('git01');
const hidden = unknown('not-permitted');

/** What tells of the past; without it nothing of it may be concluded. */
const PASTS = [
  'bootedAt',
  'logs',
  'history',
  'mountSetup',
  'security',
  'process',
  'contents',
  'mounts',
  'config',
] as const;

const seed = seedOfRun();

describe(`why-now answers for random hosts (RD_SEED=${seed})`, () => {
  test(`the why-now answer for a random host is in order and no more certain than its evidence (RD_SEED=${seed})`, () => {
    const random = new SeededRandom(seed);
    const standings = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const whyNow = explain(randomStory(random));
      if (whyNow === null) continue;
      WhyNow.parse(whyNow);
      const times = whyNow.timeline.map(({ at }) => at);
      for (const time of [...times, ...timesOfEvidence(whyNow)]) new Date(time * 1000).toISOString();
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      for (const one of whyNow.hypotheses) {
        standings.add(`${one.id} ${one.standing}`);
        assertReasoned(one);
      }
      assert.ok(plainText(whyNowLead(whyNow)).length <= LEAD_LIMIT);
      assert.ok(
        whyNowPhrases(whyNow, HOST)
          .flat()
          .every((phrase) => phrase.length > 0),
      );
    }
    assert.ok(standings.size > 25, [...standings].toSorted().join(', '));
  });

  test('unknown facts make the why-now answer neither support nor rule out any hypothesis', () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < ROUNDS; round++) {
      let facts = randomStory(random);
      for (const past of PASTS) facts = { ...facts, [past]: hidden };
      for (const one of explain(facts)?.hypotheses ?? []) assert.equal(one.standing, 'open', JSON.stringify(one));
    }
  });

  test('a fact that becomes known turns a hypothesis from "ruled out" to "supported" only with new evidence', () => {
    const random = new SeededRandom(seed);
    for (let round = 0; round < ROUNDS; round++) {
      const more = randomStory(random);
      const less = { ...more, [random.pick(PASTS)]: hidden };
      const before = new Map((explain(less)?.hypotheses ?? []).map((one) => [one.id, one]));
      for (const after of explain(more)?.hypotheses ?? []) {
        const earlier = before.get(after.id);
        if (earlier?.standing !== 'refuted' || after.standing !== 'supported') continue;
        const known = new Set(earlier.evidence.map((one) => JSON.stringify(one)));
        assert.ok(
          after.evidence.some((one) => !known.has(JSON.stringify(one))),
          JSON.stringify({ earlier, after }),
        );
      }
    }
  });
});

function timesOfEvidence({ hypotheses, doubts }: WhyNow): readonly number[] {
  const all = [...doubts, ...hypotheses.flatMap(({ evidence, missing }) => [...evidence, ...missing])];
  return all.flatMap(({ at }) => at ?? []);
}

function assertReasoned({ id, standing, strength, evidence, missing }: Hypothesis): void {
  assert.equal(strength !== null, standing === 'supported', id);
  if (standing === 'open') assert.ok(missing.length > 0, `${id} is open, and nothing is missing`);
  else assert.ok(evidence.length > 0, `${id} is ${standing}, and nothing says so`);
}
