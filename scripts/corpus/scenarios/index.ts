import type { Cause } from '../causes.ts';
import type { Scenario } from '../scenario.ts';
import { aclScenarios } from './acls.ts';
import { ancestorScenarios } from './ancestors.ts';
import { damagedScenarios } from './damaged.ts';
import { filePermissionScenarios } from './files/file-permissions.ts';
import { fileScenarios } from './files/files.ts';
import { healthyScenarios } from './healthy.ts';
import { innerFileScenarios } from './inner/inner-files.ts';
import { innerLinkScenarios } from './inner/inner-links.ts';
import { innerMountScenarios } from './inner/inner-mounts.ts';
import { mountScenarios } from './mounts.ts';
import { processScenarios } from './process.ts';
import { randomScenarios } from './random.ts';
import { redisScenarios } from './redis.ts';
import { requestScenarios } from './requests.ts';
import { serviceScenarios } from './service.ts';
import { startScenarios } from './start.ts';
import { ownerScenarios, storageRootScenarios, uidDriftScenarios } from './storage-root.ts';
import { wayScenarios } from './ways.ts';

/** Every scenario. The random ones follow from the seed. Throws if two have the same name. */
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
    ...innerLinkScenarios,
    ...innerMountScenarios,
    ...innerFileScenarios,
    ...filePermissionScenarios,
    ...fileScenarios,
    ...startScenarios,
    ...processScenarios,
    ...redisScenarios,
    ...requestScenarios,
    ...damagedScenarios,
    ...randomScenarios(seed),
  ];
  const names = new Set<string>();
  for (const { name } of all) {
    if (names.has(name)) throw new Error(`two scenarios are named "${name}"`);
    names.add(name);
  }
  return all.map(oneOfEachCauseOverSsh());
}

/** The bot's own connection to a host, for the first scenario of each cause. */
function oneOfEachCauseOverSsh(): (scenario: Scenario) => Scenario {
  const seen = new Set<Cause>();
  return (scenario) => {
    if (seen.has(scenario.cause)) return scenario;
    seen.add(scenario.cause);
    return { ...scenario, overSsh: true };
  };
}
