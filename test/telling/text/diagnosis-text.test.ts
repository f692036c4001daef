import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { terminalStyle } from '../../../src/cli/terminal/terminal-style.ts';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { absent, unknown } from '../../../src/model/fact.ts';
import { diagnosisText } from '../../../src/telling/text/diagnosis-text.ts';
import { DRAFT_NOT_APPROVABLE } from '../../../src/words/en/cli.ts';
import { factsOf } from '../../support/facts/facts-builder.ts';
import { english } from '../../support/words/english.ts';
import {
  HOSTILE_NAMES,
  healthyDiagnosis,
  hostileDiagnosis,
  incidentDiagnosis,
  unreachableDiagnosis,
} from '../sample-diagnoses.ts';

const plain = terminalStyle(false);
const coloured = terminalStyle(true);

/** Where in the text each of these begins. */
function places(text: string, parts: readonly string[]): readonly number[] {
  return parts.map((part) => {
    const place = text.indexOf(part);
    assert.notEqual(place, -1, `${JSON.stringify(part)} is not in:\n${text}`);
    return place;
  });
}

test('diagnose prints an incident in this order: diagnosis, proof, fix, path, cause, timeline, raw answers', () => {
  const text = diagnosisText(incidentDiagnosis, plain, DRAFT_NOT_APPROVABLE, english);
  const found = places(text, [
    'git01: the registry can’t reach its storage (503)\n',
    '`registry` can’t pass through `/data/vol1/ops`.\n',
    'Two directories on the storage path block it.',
    '\n  /data/vol1/ops         0750  root:ops\n  /data/vol1/ops/disk4t  0700  root:root\n',
    'Confirmed on git01: tested as `registry` (uid 993), denied by the kernel.\n',
    'Won’t help: ',
    'Proposed fix (low access risk)\n',
    '  chmod 0751 /data/vol1/ops         # was 0750\n  chmod 0701 /data/vol1/ops/disk4t  # was 0700\n',
    'Who gains access:',
    'Nothing was changed.',
    'Path check: 12 steps, 2 blocked\n',
    '✖  /data/vol1/ops ',
    'Checked as `registry` (uid 993, group 993, no other groups), the user of the running registry process (pid 4711).',
    'Possible cause: ',
    'Timeline from git01’s clock and logs.',
    'http://127.0.0.1:5001/debug/health → 503\n  {"storagedriver_filesystem"',
    'diagnosed in 0.3 s\n',
  ]);
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
  );
});

test('diagnose prints the path to the storage as a table with aligned columns', () => {
  const lines = diagnosisText(incidentDiagnosis, plain, DRAFT_NOT_APPROVABLE, english).split('\n');
  const first = lines.findIndex((line) => line.endsWith('  access'));
  const rows = lines.slice(first, first + 1 + incidentDiagnosis.walk.length);
  const column = rows[0]?.indexOf('access') ?? -1;
  assert.ok(column > 0);
  for (const row of rows.slice(1)) {
    assert.match(row.slice(column), /^(yes|blocked: )/);
    assert.equal(row.slice(column - 2, column), '  ');
  }
});

test('diagnose prints the same text with and without color', () => {
  for (const diagnosis of [incidentDiagnosis, healthyDiagnosis, unreachableDiagnosis]) {
    const withColour = diagnosisText(diagnosis, coloured, DRAFT_NOT_APPROVABLE, english);
    assert.notEqual(withColour, diagnosisText(diagnosis, plain, DRAFT_NOT_APPROVABLE, english));
    assert.equal(stripVTControlCharacters(withColour), diagnosisText(diagnosis, plain, DRAFT_NOT_APPROVABLE, english));
  }
});

test('diagnose prints an empty line before the possible causes', () =>
  assert.match(diagnosisText(incidentDiagnosis, plain, null, english), /[^\n]\n\nPossible causes:\n/));

test('diagnose does not print the title again if the headline says the same', () => {
  const facts = factsOf({ process: absent, v2: unknown('connection-refused'), health: unknown('connection-refused') });
  const stopped = { ...judgeFacts(facts), durationMs: 1 };
  const text = diagnosisText(stopped, plain, null, english);
  assert.match(text, /^git01: the registry is not running\n/);
  assert.equal(text.match(/the registry is not running/gi)?.length, 1);
});

test('diagnose prints a healthy host in a few words', () => {
  const text = diagnosisText(healthyDiagnosis, plain, DRAFT_NOT_APPROVABLE, english);
  places(text, ['git01: the registry is healthy\n', 'Confirmed on git01: tested as `registry`', 'Path check:']);
  assert.ok(!text.includes('Proposed fix'));
  assert.ok(!text.includes('✖'));
});

test('diagnose prints what to do about an unreachable host, and no path table', () => {
  const text = diagnosisText(unreachableDiagnosis, plain, DRAFT_NOT_APPROVABLE, english);
  places(text, ['git01: the host is unreachable\n', 'connection refused']);
  assert.ok(!text.includes('Path check'));
});

for (const name of HOSTILE_NAMES) {
  test(`a name on a host can’t forge a line or move the cursor in the terminal: ${JSON.stringify(name)}`, () => {
    const text = diagnosisText(hostileDiagnosis(name), plain, null, english);
    assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}|\u202e/u);
    const harmless = diagnosisText(hostileDiagnosis('a'), plain, null, english);
    assert.equal(text.split('\n').length, harmless.split('\n').length);
  });
}

test('an error text from a host can’t forge a line in the terminal', () => {
  const text = diagnosisText(unreachableDiagnosis, plain, DRAFT_NOT_APPROVABLE, english);
  assert.doesNotMatch(text.replaceAll('\n', ''), /\p{Cc}/u);
  assert.doesNotMatch(text, /^forged line/m);
});
