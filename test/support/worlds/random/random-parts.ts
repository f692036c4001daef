import type { SeededRandom } from '../../random.ts';
import type { Act } from '../act.ts';

export const UIDS = [0, 61_001, 61_002, 61_003];
export const GIDS = [0, 62_001, 62_002, 62_003, 62_004];

export function under(parent: string, name: string): string {
  return parent === '' || name === '' ? `${parent}${name}` : `${parent}/${name}`;
}

export function randomUid(random: SeededRandom): number {
  return random.pick(UIDS);
}

export function owned(random: SeededRandom, at: string): Act[] {
  return [
    { do: 'own', at, uid: random.pick(UIDS), gid: random.pick(GIDS) },
    { do: 'mode', at, mode: octal(randomMode(random)) },
  ];
}

/** Mostly as on a registry's files. */
export function fileMode(random: SeededRandom): string {
  return random.chance(60)
    ? random.pick(['0600', '0640', '0644', '0440', '0604', '0660', '0400'])
    : octal(random.int(0o1000));
}

/** The target of a symlink at `at` to another path of the world: absolute, relative, or with a detour. */
export function linkTo(random: SeededRandom, at: string, to: string): string {
  if (random.chance(40)) return `%/${to}`;
  if (random.chance(15)) return `%//${to}/.`;
  return `${'../'.repeat(at.split('/').length - 1)}${to}` || '.';
}

/** Mostly passable, so that paths go deep; sometimes anything, including setuid, setgid and sticky. */
function randomMode(random: SeededRandom): number {
  if (random.chance(30)) return 0o755;
  if (random.chance(30)) return 0o1777;
  const special = (random.chance(15) ? 0o2000 : 0) | (random.chance(5) ? 0o4000 : 0) | (random.chance(10) ? 0o1000 : 0);
  return random.int(0o1000) | (random.chance(40) ? 0o111 : 0) | special;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
