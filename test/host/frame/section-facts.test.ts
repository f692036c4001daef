import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { numberFrom, SectionFacts } from '../../../src/host/frame/section-facts.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';

describe('the facts of a section', () => {
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

  test('the facts of a section are known, absent or unknown, all in one notation', () => {
    assert.deepEqual(facts.told('name'), known('a b  c'));
    assert.deepEqual(facts.told('nothing'), known(''));
    assert.deepEqual(facts.told('gone'), absent);
    assert.deepEqual(facts.told('closed'), unknown('not-permitted'));
    assert.deepEqual(facts.told('waited'), unknown({ code: 'no-answer', detail: '3' }));
  });

  test('a fact of a section counts once: a later line does not change it', () =>
    assert.deepEqual(facts.fact('count', numberFrom), known(12)));

  test('a fact of a section is unknown if nothing readable was sent', () => {
    assert.deepEqual(facts.fact('never', numberFrom), unknown('not-told'));
    assert.deepEqual(facts.fact('entry', numberFrom), unknown('not-told'));
    assert.deepEqual(facts.fact('odd', numberFrom), unknown('not-understood'));
    assert.equal(facts.told('entry'), undefined);
  });
});
