import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { CAUSES, type Cause } from '../../scripts/corpus/causes.ts';
import { NEEDED } from '../../scripts/corpus/requirements.ts';
import { scenariosOf } from '../../scripts/corpus/scenarios/index.ts';
import { seedOfRun } from '../support/random.ts';
import { skipUnless } from '../support/requirements.ts';

/** A host of each cause, built for real; `npm run corpus` runs them all. */

const CORPUS = fileURLToPath(new URL('../../scripts/corpus.ts', import.meta.url));
const SEED = seedOfRun();
const OF_EACH_CAUSE = '1';
/** Of two dozen causes: each host takes seconds, and each run picks others. */
const CAUSES_A_RUN = '8';
const skip = skipUnless(...NEEDED);

test('the corpus of broken hosts has at least the required number of scenarios', () => {
  const scenarios = scenariosOf(SEED);
  const ofCause = (name: Cause) => scenarios.filter(({ cause }) => cause === name).length;
  assert.ok(scenarios.length >= 400);
  assert.ok(ofCause('healthy') >= 140);
  assert.ok(ofCause('inner') >= 40);
  assert.ok(ofCause('file') >= 30);
  assert.ok(ofCause('start') >= 10);
  assert.ok(ofCause('damaged') >= 10);
  const causes = new Set(scenarios.map(({ cause }) => cause));
  assert.deepEqual(causes, new Set(Object.keys(CAUSES)), 'each cause has a scenario');
  const overSsh = scenarios.filter((scenario) => scenario.overSsh).map(({ cause }) => cause);
  assert.deepEqual(new Set(overSsh), causes, 'and one over SSH');
});

test('in a sample of broken hosts, each is diagnosed correctly, and its plan fixes it with minimal rights', {
  skip,
}, (t) => {
  t.diagnostic(`RD_SEED=${SEED}`);
  const words = [
    CORPUS,
    '--json',
    '--sample',
    OF_EACH_CAUSE,
    '--causes',
    CAUSES_A_RUN,
    '--seed',
    String(SEED),
    '--workers',
    '1',
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.notEqual(stdout, '', stderr);
  const { outcomes } = JSON.parse(stdout);
  const problems = outcomes.flatMap((outcome: { name: string; failure?: string; problems?: string[] }) =>
    [outcome.failure ?? [], outcome.problems ?? []].flat().map((problem) => `${outcome.name}: ${problem}`),
  );
  assert.deepEqual(problems, [], `RD_SEED=${SEED}`);
  assert.equal(status, 0, stderr);
});
