import { SeededRandom } from '../../test/support/random.ts';
import type { Scenario } from './scenario.ts';

/** So many scenarios of each cause, as the seed picks them; in the order of the whole. */
export function sampleOf(scenarios: readonly Scenario[], ofEach: number, seed: number): readonly Scenario[] {
  const random = new SeededRandom(seed);
  const chosen = new Set<Scenario>();
  for (const cause of new Set(scenarios.map((scenario) => scenario.cause))) {
    const left = scenarios.filter((scenario) => scenario.cause === cause);
    for (let count = 0; count < ofEach && left.length > 0; count += 1) {
      const scenario = random.pick(left);
      left.splice(left.indexOf(scenario), 1);
      chosen.add(scenario);
    }
  }
  return scenarios.filter((scenario) => chosen.has(scenario));
}
