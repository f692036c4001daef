import { SeededRandom } from '../../../test/support/random.ts';
import { type Incident, incident, type Place } from '../ground/layouts.ts';
import type { Scenario } from '../scenario.ts';

const HOW_MANY = 24;
const PLACES: readonly Place[] = ['gitlab', 'data', 'vol1', 'ops', 'disk4t', 'target', 'shared'];
const OWNERS = ['root', 'git', 'alice', 'registry'];
const GROUPS = ['root', 'git', 'ops', 'storage', 'registry'];
const ENTRIES = [
  'u:registry:---',
  'u:registry:--x',
  'u:alice:r-x',
  'g:registry:r--',
  'g:storage:--x',
  'g:ops:rwx',
  'm::r--',
  'm::rwx',
];

/** Ancestors with any modes, owners and entries. Only the kernel knows whether the service can pass. */
export function randomScenarios(seed: number): readonly Scenario[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: HOW_MANY }, (_, index) => {
    const permissions: Incident = Object.fromEntries(
      PLACES.filter(() => random.chance(35)).map((place) => [place, randomPermissions(random)]),
    );
    const groups = ['ops', 'storage'].filter(() => random.chance(40));
    return {
      name: `random ${index + 1} of seed ${seed}: ${JSON.stringify(permissions)} ${groups.join(' ')}`.trim(),
      cause: 'mixed',
      truth: { kind: 'told-by-kernel' },
      build: (ground) => ({ ...incident(ground, permissions), identity: ground.accounts.service('registry', groups) }),
    };
  });
}

/** Never writable by everyone: that would forbid any plan, and has tables of its own. */
function randomPermissions(random: SeededRandom): string {
  const mode = (random.int(0o1000) & ~0o002) | (random.chance(40) ? 0o111 : 0);
  const acl = random.chance(40)
    ? ` ${[random.pick(ENTRIES), random.pick(ENTRIES)].filter(isFirstOfItsKind).join(',')}`
    : '';
  return `${mode.toString(8).padStart(4, '0')} ${random.pick(OWNERS)}:${random.pick(GROUPS)}${acl}`;
}

/** setfacl(1) refuses a repeated entry. */
function isFirstOfItsKind(entry: string, index: number, entries: readonly string[]): boolean {
  const nameOf = (text: string) => text.slice(0, text.lastIndexOf(':'));
  return entries.findIndex((other) => nameOf(other) === nameOf(entry)) === index;
}
