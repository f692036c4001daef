import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { bytesFromText, HostPath, textFromBytes } from '../../src/model/host/host-path.ts';
import { shellQuote } from '../../src/words/shell-quote.ts';
import { hasInvisible, visiblePath } from '../../src/words/visible-text.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

const utf8 = (text: string) => Uint8Array.from(new TextEncoder().encode(text));
const pathOf = (bytes: Uint8Array) => HostPath.parse(textFromBytes(bytes));

const ROWS: [name: string, path: Uint8Array, quoted: string, visible: string][] = [
  ['a plain path', utf8('/data/vol1/ops'), '/data/vol1/ops', '/data/vol1/ops'],
  ['marks that mean nothing to a shell', utf8('/a.b,c:d@e%f+g-h_i'), '/a.b,c:d@e%f+g-h_i', '/a.b,c:d@e%f+g-h_i'],
  ['a space', utf8('/my disk'), "'/my disk'", '/my disk'],
  ['a command substitution', utf8('/$(reboot)`id`'), "'/$(reboot)`id`'", '/$(reboot)`id`'],
  ['a quote', utf8("/it's"), "'/it'\\''s'", "/it's"],
  ['a mention', utf8('/<!channel>'), "'/<!channel>'", '/<!channel>'],
  ['letters of any script', utf8('/数据/данные'), "'/数据/данные'", '/数据/данные'],
  ['a newline', utf8('/a\nrm -rf b'), "$'/a\\x0arm -rf b'", '/a\\x0arm -rf b'],
  ['a quote beside a tab', utf8("/it's\there"), "$'/it\\x27s\\x09here'", "/it's\\x09here"],
  ['an escape sequence of a terminal', utf8('/\u001b[2J'), "$'/\\x1b[2J'", '/\\x1b[2J'],
  ['a byte that is not UTF-8', Uint8Array.of(0x2f, 0x61, 0xff, 0x62), "$'/a\\xffb'", '/a\\xffb'],
  ['half a character', Uint8Array.of(0x2f, 0xe6, 0x95), "$'/\\xe6\\x95'", '/\\xe6\\x95'],
  ['a name that looks like an escape', utf8('/a\\x41'), "'/a\\x41'", '/a\\x5cx41'],
  ['text from right to left', utf8('/a\u202egnp'), "$'/a\\xe2\\x80\\xaegnp'", '/a\\xe2\\x80\\xaegnp'],
  ['a character of no width', utf8('/ro\u200bot'), "$'/ro\\xe2\\x80\\x8bot'", '/ro\\xe2\\x80\\x8bot'],
  ['a byte order mark', utf8('/\ufeffa'), "$'/\\xef\\xbb\\xbfa'", '/\\xef\\xbb\\xbfa'],
  ['a space that is no space', utf8('/a\u00a0b'), "$'/a\\xc2\\xa0b'", '/a\\xc2\\xa0b'],
  ['a line separator', utf8('/a\u2028b'), "$'/a\\xe2\\x80\\xa8b'", '/a\\xe2\\x80\\xa8b'],
  ['a letter that is blank', utf8('/a\u3164b'), "$'/a\\xe3\\x85\\xa4b'", '/a\\xe3\\x85\\xa4b'],
  ['an unassigned character', utf8('/a\ue000b'), "$'/a\\xee\\x80\\x80b'", '/a\\xee\\x80\\x80b'],
  ['history of an interactive shell, beside a control', utf8('/a\u0001!!'), "$'/a\\x01\\x21\\x21'", '/a\\x01!!'],
];

describe('a path quoted for a shell', () => {
  for (const [name, bytes, quoted, visible] of ROWS) {
    test(`a path is quoted for a shell, and shown as text: ${name}`, () => {
      assert.equal(shellQuote(pathOf(bytes)), quoted);
      assert.equal(visiblePath(pathOf(bytes)), visible);
    });
  }

  test('a quoted path has no invisible character and still names the same bytes', () => {
    for (const bytes of [...ROWS.map(([, row]) => row), ...randomPaths(300)]) {
      const path = pathOf(bytes);
      assert.equal(hasInvisible(shellQuote(path)), false);
      assert.equal(hasInvisible(visiblePath(path)), false);
      assert.deepEqual(bytesFromText(visiblePath(path)), bytes);
    }
  });
});

describe('a quoted path that bash reads back', { skip: skipUnless('bash') }, () => {
  for (const locale of ['C', 'C.UTF-8']) {
    test(`bash reads a quoted path as exactly the same bytes under LC_ALL=${locale}`, () => {
      const all = [...ROWS.map(([, bytes]) => bytes), ...everyByte(), ...randomPaths(500)];
      const script = all.map((bytes) => `printf '%s\\0' ${shellQuote(pathOf(bytes))}`).join('\n');
      const said = execFileSync('bash', ['--norc'], { input: script, env: { LC_ALL: locale } });
      const words = Buffer.concat(all.flatMap((bytes) => [bytes, Uint8Array.of(0)]));
      assert.ok(said.equals(words), `RD_SEED=${SEED}`);
    });
  }
});

const SEED = seedOfRun();

/** Every byte that a name may hold, before a digit that could be taken for a part of an escape. */
function everyByte(): Uint8Array[] {
  return Array.from({ length: 255 }, (_, index) => Uint8Array.of(0x2f, index + 1, 0x41, 0x31));
}

function randomPaths(amount: number): Uint8Array[] {
  const random = new SeededRandom(SEED);
  const oneByte = () => 1 + random.int(random.chance(60) ? 126 : 255);
  return Array.from({ length: amount }, () =>
    Uint8Array.from([0x2f, ...Array.from({ length: 1 + random.int(20) }, oneByte)]),
  );
}
