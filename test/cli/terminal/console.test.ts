import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { withSpinner } from '../../../src/cli/terminal/spinner.ts';
import { english } from '../../support/words/english.ts';

function consoleOf(isTTY: boolean, environment: Record<string, string> = {}) {
  const said = { out: '', err: '' };
  const console = createConsole({
    stdout: { isTTY, write: (text) => (said.out += text) },
    stderr: { isTTY, write: (text) => (said.err += text) },
    environment,
    words: english,
  });
  return { console, said };
}

const COLOURS: readonly (readonly [string, boolean, Record<string, string>, boolean])[] = [
  ['a terminal', true, {}, true],
  ['a pipe', false, {}, false],
  ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, false],
  ['a terminal with an empty NO_COLOR, which does not count', true, { NO_COLOR: '' }, true],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
];

for (const [where, isTTY, environment, colour] of COLOURS) {
  test(`the command line prints ${colour ? 'color' : 'no color'} on ${where}`, () => {
    const { console } = consoleOf(isTTY, environment);
    assert.equal(console.style.alarming('x') !== 'x', colour);
    assert.equal(console.style.bold('x') !== 'x', colour);
  });
}

test('the spinner shows progress on a terminal and erases itself at the end', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { console, said } = consoleOf(true);
  const result = await withSpinner(console, 'looking at git01', async () => {
    t.mock.timers.tick(1000);
    return 7;
  });
  assert.equal(result, 7);
  assert.ok(said.err.split('looking at git01').length > 10);
  assert.ok(said.err.endsWith('\r\u001b[K'));
  assert.equal(said.out, '');
});

test('the command line shows no spinner when its output is not a terminal', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  for (const { console, said } of [consoleOf(false), consoleOf(true, { TERM: 'dumb' })]) {
    await withSpinner(console, 'looking at git01', async () => t.mock.timers.tick(1000));
    assert.deepEqual(said, { out: '', err: '' });
  }
});

test('the spinner stops when the work that it shows fails', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { console, said } = consoleOf(true);
  const failing = withSpinner(console, 'x', () => Promise.reject(new Error('no')));
  await assert.rejects(failing, /no/);
  const before = said.err;
  t.mock.timers.tick(1000);
  assert.equal(said.err, before);
});

test('a line printed while the spinner turns gets its own line, and the spinner continues below it', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const { console, said } = consoleOf(true);
  await withSpinner(console, 'running', async () => console.err('not known yet'));
  assert.ok(said.err.includes('running\r\u001b[Knot known yet\n'), JSON.stringify(said.err));
});
