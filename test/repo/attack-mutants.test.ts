import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MUTANTS } from '../../scripts/attack-mutants/mutants.ts';
import { placesOf, runMutant } from '../../scripts/attack-mutants/run-mutant.ts';
import { SeededRandom, seedOfRun } from '../support/random.ts';

/** `npm run attack-mutants` runs them all; here, that each still fits the code, and one of those that are quick. */

const QUICK = new Set(['attacks/store-tampering.test.ts']);

for (const mutant of MUTANTS) {
  test(`the attack mutants can still remove the defense "${mutant.defense}" from src/${mutant.file}`, async () => {
    assert.equal(await placesOf(mutant), 1, `"${mutant.from}" has to stand there once: mend scripts/attack-mutants/`);
  });
}

test('an attack test fails when its defense is removed', async () => {
  const seed = seedOfRun();
  const mutant = new SeededRandom(seed).pick(MUTANTS.filter(({ test: file }) => QUICK.has(file)));
  const { fate, output } = await runMutant(mutant);
  assert.equal(fate, 'caught', `RD_SEED=${seed}, without "${mutant.defense}": ${mutant.attack}\n${output}`);
});
