import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { terminalStyle } from '../../../src/cli/terminal/terminal-style.ts';
import { terminalText } from '../../../src/telling/text/terminal-text.ts';
import { code, emphasised, type Phrase, say } from '../../../src/words/phrase.ts';

const plain = terminalStyle(false);
const coloured = terminalStyle(true);

test('names are in backticks in the terminal, and other words are plain', () => {
  assert.equal(terminalText(say`${code('a b')} may not pass`, plain), '`a b` may not pass');
});

test('bold text is bold in the terminal with color, and the same words without', () => {
  const phrase = emphasised(say`no way through ${code('/data')}`);
  const text = terminalText(phrase, coloured);
  assert.notEqual(text, terminalText(phrase, plain));
  assert.equal(stripVTControlCharacters(text), terminalText(phrase, plain));
});

for (const text of ['a\u001b[2Jb', 'a\nb', 'a\u202eb', 'a\u0000b']) {
  test(`no active control character of a text reaches the terminal: ${JSON.stringify(text)}`, () => {
    const shown = terminalText(say`${code(text)} ${text}`, plain);
    assert.doesNotMatch(shown, /\p{Cc}|\u202e/u);
    assert.match(shown, /^`a\\x.+b` a\\x.+b$/);
  });
}

const ZONES: readonly (readonly [zone: string, time: string, dateAndTime: string])[] = [
  ['Asia/Shanghai', '02:02 +08:00', '2026-11-24 02:02 +08:00'],
  ['America/St_Johns', '14:32 -03:30', '2026-11-23 14:32 -03:30'],
  ['UTC', '18:02 UTC', '2026-11-23 18:02 UTC'],
];

for (const [name, time, dateAndTime] of ZONES) {
  test(`times are shown in the terminal’s time zone, to the minute, with their offset: ${name}`, (t) => {
    const zone = process.env['TZ'];
    t.after(() => {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    });
    process.env['TZ'] = name;
    const at = (precision: 'time' | 'date-and-time'): Phrase => [
      { kind: 'time', at: '2026-11-23T18:02:03.456Z', precision },
    ];
    assert.equal(terminalText(at('time'), plain), time);
    assert.equal(terminalText(at('date-and-time'), plain), dateAndTime);
  });
}
