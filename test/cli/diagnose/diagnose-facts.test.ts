import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { DiagnosisReport } from '../../../src/telling/json/diagnosis-report.ts';
import { runHere } from '../../support/bots/run-here.ts';
import { factsOf } from '../../support/facts/facts-builder.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

let directory: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rd-diagnose-'));
});

after(() => rm(directory, { recursive: true, force: true }));

async function saved(name: string, facts: Facts): Promise<string> {
  const file = join(directory, `${name}.json`);
  await writeFile(file, JSON.stringify(facts));
  return file;
}

const CASES = [
  ['faulty', incidentFacts(), 1],
  ['healthy', factsOf(), 0],
  ['inconclusive', factsOf({ process: unknown('not-permitted'), account: unknown('not-permitted') }), 3],
] as const;

for (const [verdict, facts, status] of CASES) {
  test(`diagnose judges the saved facts of a ${verdict} host offline, with exit status ${status}`, async () => {
    const file = await saved(verdict, facts);
    const json = await runHere(['diagnose', '--facts', file, '--json']);
    assert.equal(DiagnosisReport.parse(JSON.parse(json.stdout)).verdict, verdict);
    assert.deepEqual({ status: json.status, stderr: json.stderr }, { status, stderr: '' });
    const text = await runHere(['diagnose', '--facts', file]);
    assert.match(text.stdout, /^git01: /);
    assert.equal(text.status, status);
  });
}

test('diagnose gives the same report for the same saved facts, except for the duration', async () => {
  const file = await saved('twice', incidentFacts());
  const reports = [];
  for (let run = 0; run < 2; run += 1) {
    const { stdout } = await runHere(['diagnose', '--facts', file, '--json']);
    reports.push({ ...DiagnosisReport.parse(JSON.parse(stdout)), durationMs: 0 });
  }
  assert.deepEqual(reports[0], reports[1]);
});

test('diagnose prints no color and no spinner to a pipe or a file', async () => {
  const { stdout, stderr } = await runHere(['diagnose', '--facts', await saved('plain', incidentFacts())], {
    TERM: 'xterm-256color',
    FORCE_COLOR: '1',
  });
  assert.doesNotMatch(stdout.replaceAll('\n', ''), /\p{Cc}/u);
  assert.equal(stderr, '');
});

test('diagnose rejects a file that is not a facts file as wrong usage, and judges nothing', async () => {
  const file = join(directory, 'no.json');
  await writeFile(file, '{"version":1}');
  for (const path of [file, join(directory, 'missing.json'), directory]) {
    const { status, stdout, stderr } = await runHere(['diagnose', '--facts', path, '--json']);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    assert.match(stderr, /^Can’t read facts from .+\.\n$/);
  }
});
