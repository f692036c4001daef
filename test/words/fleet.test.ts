import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FleetAnswer, HomePage } from '../../src/model/fleet/fleet.ts';
import { ChannelId, HostName } from '../../src/model/record/ids.ts';
import type { FleetSection } from '../../src/words/fleet-section.ts';
import { wordsFor } from '../../src/words/index.ts';
import { type Phrase, say } from '../../src/words/phrase.ts';
import { samplesOf } from '../support/facts/samples-of-schema.ts';
import { english } from '../support/words/english.ts';
import { assertChinese, assertSameValues } from '../support/words/translation.ts';

const chinese = wordsFor('zh-Hans');

/** Every phrase of a list in order. */
function phrasesOf({ title, empty, lines }: FleetSection): readonly Phrase[] {
  return [say`${title}`, say`${empty}`, ...lines.flatMap(({ head, items }) => [head, ...items])];
}

/** A link is named in each language; where it leads to is the same. */
function assertSame(one: FleetSection, other: FleetSection): void {
  const [mine, theirs] = [phrasesOf(one), phrasesOf(other)];
  assert.equal(mine.length, theirs.length);
  for (const [index, phrase] of mine.entries()) {
    const expected = theirs[index] ?? [];
    assertSameValues(addressesOf(phrase), addressesOf(expected));
    assertChinese(phrase);
  }
}

function addressesOf(phrase: Phrase): Phrase {
  return phrase.map((run) => (run.kind === 'link' ? { kind: 'code', text: run.url } : run));
}

for (const [kind, samples] of Map.groupBy(samplesOf(FleetAnswer), (answer) => answer.kind)) {
  test(`the answer to ${kind} in Chinese has the values of the English, in ${samples.length} forms`, () => {
    for (const answer of samples) assertSame(chinese.fleet.fleetAnswer(answer), english.fleet.fleetAnswer(answer));
  });
}

test('the home tab in Chinese has the values of the English', () => {
  for (const page of samplesOf(HomePage)) {
    const [mine, theirs] = [chinese.fleet.homeSections(page), english.fleet.homeSections(page)];
    assert.equal(mine.length, theirs.length);
    for (const [index, section] of mine.entries()) assertSame(section, theirs[index] ?? assert.fail());
  }
});

test('the form that asks for a host is the same in Chinese, and fits', () => {
  const channel = ChannelId.parse('C01');
  const host = HostName.parse('git01');
  const told = ({ diagnoseForm: form }: typeof english) => [
    form.explanation(channel),
    form.namedHosts(0),
    form.namedHosts(3),
    form.sent(host, channel),
    form.notOpened(),
  ];
  for (const [index, phrase] of told(chinese).entries()) {
    assertSameValues(phrase, told(english)[index] ?? []);
    assertChinese(phrase);
  }
  for (const { FORM } of [english.diagnoseForm, chinese.diagnoseForm]) {
    for (const text of [FORM.title, FORM.submit, FORM.close, FORM.done]) assert.ok(text.length <= 24, text);
    for (const text of [FORM.named, FORM.all, FORM.placeholder]) assert.ok(text.length <= 75, text);
  }
});
