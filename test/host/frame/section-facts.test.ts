import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numberFrom, SectionFacts } from '../../../src/host/frame/section-facts.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';

describe('the parser of facts in the probe’s output', () => {
  const facts = new SectionFacts([
    'count known 12',
    'name known a b  c',
    'nothing known',
    'gone absent',
    'closed unknown not-permitted',
    'waited unknown no-answer 3',
    'odd known twelve',
    'count known 13',
    'entry something else',
  ]);

  test('the parser of the probe’s output reads known, absent and unknown facts', () => {
    assert.deepEqual(facts.told('name'), known('a b  c'));
    assert.deepEqual(facts.told('nothing'), known(''));
    assert.deepEqual(facts.told('gone'), absent);
    assert.deepEqual(facts.told('closed'), unknown('not-permitted'));
    assert.deepEqual(facts.told('waited'), unknown({ code: 'no-answer', detail: '3' }));
  });

  test('the parser of the probe’s output keeps the first value of a fact that is sent twice', () =>
    assert.deepEqual(facts.fact('count', numberFrom), known(12)));

  test('the parser of the probe’s output reports a fact as unknown if nothing readable was sent', () => {
    assert.deepEqual(facts.fact('never', numberFrom), unknown('not-told'));
    assert.deepEqual(facts.fact('entry', numberFrom), unknown('not-told'));
    assert.deepEqual(facts.fact('odd', numberFrom), unknown('not-understood'));
    assert.equal(facts.told('entry'), undefined);
  });
});
