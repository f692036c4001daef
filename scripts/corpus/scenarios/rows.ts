import type { Cause } from '../causes.ts';
import type { Ground } from '../ground/ground.ts';
import { type Incident, incident } from '../ground/layouts.ts';
import type { Scenario, Scene, Truth } from '../scenario.ts';

/** The form of a table row: what is unusual, and how it is built. */
export type Build = Scenario['build'];

export function healthy(name: string, build: Build): Scenario {
  return { name, cause: 'healthy', truth: { kind: 'healthy' }, build };
}

/** The kernel denies, and a change of permissions opens everything again. */
export function denied(cause: Cause, name: string, build: Build): Scenario {
  return { name, cause, truth: { kind: 'denied', plan: 'cures' }, build };
}

/** The kernel denies, and no change of permissions would be right. */
export function deniedForGood(cause: Cause, name: string, build: Build): Scenario {
  return { name, cause, truth: { kind: 'denied', plan: 'none' }, build };
}

export function built(
  cause: Cause,
  name: string,
  truth: Omit<Extract<Truth, { kind: 'built' }>, 'kind'>,
  build: Build,
): Scenario {
  return { name, cause, truth: { kind: 'built', ...truth }, build };
}

/** For a directory that can be passed but not written: the first push into an empty storage would fail. */
export const NOTHING_MADE_THERE = 'nothing has to be made there any more: what a push needs lies below it already';

/** For a disk that is not at its mount point. */
export const UNDER_THE_MOUNT =
  'pushes go to what stands in the place of the disk, and are gone from sight once that is back';

/** There is a fault, but the registry serves anyway. */
export function latent(why: string, scenario: Scenario): Scenario {
  return { ...scenario, latent: why };
}

/** The incident's layout with these permissions, for a service with these further groups. */
export function incidentWith(permissions: Incident, groups: readonly string[] = []): (ground: Ground) => Scene {
  return (ground) => ({ ...incident(ground, permissions), identity: ground.accounts.service('registry', groups) });
}
