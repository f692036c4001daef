import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { streamEntries } from '../../../src/cli/audit/stream-entries.ts';
import { createConsole } from '../../../src/cli/terminal/console.ts';
import { databasePath, openSqliteAt } from '../../store/open-store.ts';
import { auditDraft, openIncident } from '../../store/samples.ts';
import { english } from '../../support/words/english.ts';

/** A record, and a stream of it from the entry after `after`. */
async function scene(t: TestContext, entries: number) {
  const opened = await openSqliteAt(t, await databasePath(t));
  const incident = await openIncident(opened.store);
  const record = async (count: number) => {
    for (let n = 0; n < count; n += 1) await opened.store.transact((tx) => tx.appendAudit(auditDraft(incident.id)));
  };
  await record(entries);
  const said: string[] = [];
  const quiet = { write: (text: string) => said.push(text) };
  const console = createConsole({ stdout: quiet, stderr: quiet, environment: {}, words: english });
  const stream = (after: number, follow: boolean, highWaterMark?: number) => {
    const stdout = new PassThrough(highWaterMark === undefined ? {} : { highWaterMark });
    const ending = new AbortController();
    const ended = streamEntries({ after, follow }, opened.auditTrail, { console, stdout, stop: ending.signal });
    return { stdout, ended, stop: () => ending.abort() };
  };
  return { record, stream, said };
}

function sequencesIn(text: string): readonly number[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).metadata.sequence);
}

test('audit stream prints each entry once and in order, and after a number only those that follow', async (t) => {
  const { stream } = await scene(t, 7);
  const all = stream(0, false);
  assert.equal(await all.ended, 0);
  assert.deepEqual(sequencesIn(String(all.stdout.read())), [1, 2, 3, 4, 5, 6, 7]);
  const rest = stream(5, false);
  assert.equal(await rest.ended, 0);
  assert.deepEqual(sequencesIn(String(rest.stdout.read())), [6, 7]);
});

test('audit stream --follow prints what is recorded later, and ends at once when it is stopped', async (t) => {
  const { stream, record } = await scene(t, 1);
  const { stdout, ended, stop } = stream(0, true);
  let text = '';
  stdout.on('data', (chunk) => (text += chunk));
  await record(2);
  while (sequencesIn(text).length < 3) await once(stdout, 'data');
  assert.deepEqual(sequencesIn(text), [1, 2, 3]);
  stop();
  assert.equal(await ended, 0);
});

test('audit stream waits for a reader that is slow', async (t) => {
  const { stream } = await scene(t, 50);
  const { stdout, ended } = stream(0, false, 1);
  await turn();
  let waiting = true;
  void ended.then(() => (waiting = false));
  await once(stdout, 'readable');
  for (let n = 0; n < 20; n += 1) await turn();
  assert.ok(waiting && stdout.readableLength < 2_000, 'one entry is on its way');
  let text = '';
  stdout.on('data', (chunk) => (text += chunk));
  assert.equal(await ended, 0);
  assert.equal(sequencesIn(text).length, 50);
});

test('audit stream refuses to go on with a record that ends before the entry that was streamed last', async (t) => {
  const { stream, said } = await scene(t, 3);
  assert.equal(await stream(9, true).ended, 1);
  assert.match(
    said.join(''),
    /The record ends with entry 3, before entry 9 that was streamed already: it is an older copy/,
  );
});
