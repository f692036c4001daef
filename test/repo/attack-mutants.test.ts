import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The titles of a file's tests as patterns: what is filled in can be any text. */
function titlePatternsIn(file: string): readonly RegExp[] {
  const source = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
  return [...source.matchAll(/(?<![.\w])test\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , title = '']) => {
    const texts = title.split(/\$\{[^}]*\}/).map((text) => literally(text.replace(/\\(.)/g, '$1')));
    return new RegExp(`^${texts.join('.+')}$`);
  });
}

test('each attack mutant names its attack by the title of an existing test', () => {
  const lost = MUTANTS.filter(({ test: file, attack }) => !titlePatternsIn(file).some((title) => title.test(attack)));
  assert.deepEqual(
    lost.map(({ test: file, attack }) => `${file} › ${attack}`),
    [],
  );
});

test('an attack test fails when its defense is removed', async () => {
  const seed = seedOfRun();
  const mutant = new SeededRandom(seed).pick(MUTANTS.filter(({ test: file }) => QUICK.has(file)));
  const { fate, output } = await runMutant(mutant);
  assert.equal(fate, 'caught', `RD_SEED=${seed}, without "${mutant.defense}": ${mutant.attack}\n${output}`);
});
