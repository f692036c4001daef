import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FieldValues } from '../../../src/host/frame/field-values.ts';
import { MalformedOutput } from '../../../src/host/frame/malformed-output.ts';
import { readSections, sectionOf } from '../../../src/host/frame/sections.ts';

const NONCE = 'a1b2';

function read(text: string) {
  return readSections(new FieldValues([{ key: 'sections', value: Buffer.from(text) }]), NONCE);
}

test('the parser of the probe’s output keeps all text of a part, including blank lines and forged headers of other runs', () => {
  const sections = read(`${NONCE} v2\n\nffff v3\nx\n\n${NONCE} logs\n\n${NONCE} last\nend`);
  assert.deepEqual([...sections.keys()], ['v2', 'logs', 'last']);
  assert.equal(Buffer.from(sectionOf(sections, 'v2')).toString(), '\nffff v3\nx\n');
  assert.equal(sectionOf(sections, 'logs').length, 0);
  assert.equal(Buffer.from(sectionOf(sections, 'last')).toString(), 'end');
});

test('the parser of the probe’s output reads an empty collection as having no parts', () =>
  assert.equal(read('').size, 0));

for (const [name, text] of [
  ['a section that is there twice', `${NONCE} v2\na\n${NONCE} v2\nb`],
  ['text before the first section', `x\n${NONCE} v2\na`],
] as const) {
  test(`the parser of the probe’s output rejects ${name}`, () => assert.throws(() => read(text), MalformedOutput));
}

test('the parser of the probe’s output rejects output with a missing part', () =>
  assert.throws(() => sectionOf(read(''), 'v2'), MalformedOutput));
