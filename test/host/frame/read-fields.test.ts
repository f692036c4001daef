import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../src/host/frame/malformed-output.ts';
import { readFields } from '../../../src/host/frame/read-fields.ts';

const EXPECTED = { script: 'probe', nonce: 'nonce123' };
const WHOLE = '0 registry-doctor/1 probe\0nonce123\x001 a\0x\x002 b=known\0\x003 end\0nonce123 3\0';

const read = (text: string) => readFields(Buffer.from(text, 'latin1'), EXPECTED);

test('the parser of host output gives the fields of complete output in order', () => {
  assert.deepEqual(
    read(WHOLE).map(({ key, value }) => [key, Buffer.from(value).toString()]),
    [
      ['a', 'x'],
      ['b=known', ''],
    ],
  );
});

test("the parser of host output skips a login's greeting before the first field", () => {
  assert.equal(read(`Welcome!\n0 registry-doctor/1 probe\0another1\0${WHOLE}`).length, 2);
});

const MALFORMED: Readonly<Record<string, string>> = {
  'nothing at all': '',
  'another nonce': WHOLE.replaceAll('nonce123', 'nonce124'),
  'another script': WHOLE.replace('probe', 'apply'),
  'another version': WHOLE.replace('doctor/1', 'doctor/2'),
  'no end': '0 registry-doctor/1 probe\0nonce123\x001 a\0x\0',
  'an end of another run': WHOLE.replace('nonce123 3', 'nonce124 3'),
  'an end with another count': WHOLE.replace('nonce123 3', 'nonce123 4'),
  'a field twice': WHOLE.replace('1 a\0x\0', '1 a\0x\x001 a\0x\0'),
  'a field too few': WHOLE.replace('1 a\0x\0', ''),
  'fields in another order': WHOLE.replace('1 a\0x\x002 b=known\0\0', '2 b=known\0\x001 a\0x\0'),
  'an invalid key': WHOLE.replace('1 a\0', '1 A a a\0'),
  'a number with a leading zero': WHOLE.replace('1 a\0', '01 a\0'),
  'something after the end': `${WHOLE}logout\n`,
  'the output twice': WHOLE + WHOLE,
};

for (const [what, text] of Object.entries(MALFORMED)) {
  test(`the parser of host output rejects malformed output: ${what}`, () =>
    assert.throws(() => read(text), MalformedOutput));
}

test('the parser of host output rejects output wherever it is cut off', () => {
  for (let length = 0; length < WHOLE.length; length += 1) {
    assert.throws(() => read(WHOLE.slice(0, length)), MalformedOutput, `cut after ${length} bytes`);
  }
});
