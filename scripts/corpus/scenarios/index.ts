import type { Cause } from '../causes.ts';
import type { Scenario } from '../scenario.ts';
import { aclScenarios } from './acls.ts';
import { ancestorScenarios } from './ancestors.ts';
import { healthyScenarios } from './healthy.ts';
import { mountScenarios } from './mounts.ts';
import { randomScenarios } from './random.ts';
import { serviceScenarios } from './service.ts';
import { ownerScenarios, storageRootScenarios, uidDriftScenarios } from './storage-root.ts';
import { wayScenarios } from './ways.ts';

/** Every scenario; the random ones follow from the seed. Throws when two have one name. */
export function scenariosOf(seed: number): readonly Scenario[] {
  const all = [
    ...healthyScenarios,
    ...ancestorScenarios,
    ...wayScenarios,
    ...storageRootScenarios,
    ...ownerScenarios,
    ...uidDriftScenarios,
    ...aclScenarios,
    ...mountScenarios,
    ...serviceScenarios,
    ...randomScenarios(seed),
  ];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) throw new Error(`two scenarios are named "${name}"`);
    names.add(name);
  }
  return all.map(oneOfEachCauseOverSsh());
}

/** The bot's own way to a host, for the first scenario of each cause. */
function oneOfEachCauseOverSsh(): (scenario: Scenario) => Scenario {
  const seen = new Set<Cause>();
  return (scenario) => {
    if (seen.has(scenario.cause)) return scenario;
    seen.add(scenario.cause);
    return { ...scenario, overSsh: true };
  };
}
