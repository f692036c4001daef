import { SeededRandom } from '../../test/support/random.ts';
import type { Scenario } from './scenario.ts';

/** This many scenarios of each cause, or of this many causes, as the seed picks them, in the original order. */
export function sampleOf(
  scenarios: readonly Scenario[],
  ofEach: number,
  seed: number,
  causes = Number.POSITIVE_INFINITY,
): readonly Scenario[] {
  const random = new SeededRandom(seed);
  const chosen = new Set<Scenario>();
  const all = [...new Set(scenarios.map((scenario) => scenario.cause))];
  while (all.length > causes) all.splice(all.indexOf(random.pick(all)), 1);
  for (const cause of all) {
    const left = scenarios.filter((scenario) => scenario.cause === cause);
    for (let count = 0; count < ofEach && left.length > 0; count += 1) {
      const scenario = random.pick(left);
      left.splice(left.indexOf(scenario), 1);
      chosen.add(scenario);
    }
  }
  return scenarios.filter((scenario) => chosen.has(scenario));
}
