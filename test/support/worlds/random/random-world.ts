import type { Identity } from '../../../../src/model/host/facts.ts';
import type { SeededRandom } from '../../random.ts';
import type { Act } from '../act.ts';
import type { Question } from '../kernel-answers.ts';
import { type Beside, filesBeside } from './random-beside.ts';
import { GIDS, owned, UIDS, under } from './random-parts.ts';
import { randomStorage } from './random-storage.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const LINKS = 8;
/** One symlink more than the kernel follows. */
const CHAIN = 41;

/** The parts of a world, and paths in it that are worth a question. Some are covered by a mount in the end. */
export type Plan = {
  readonly acts: readonly Act[];
  readonly paths: readonly string[];
  /** Those inside a storage, through a symlink or over a mount. */
  readonly inner: readonly string[];
  readonly beside: Beside['uses'];
};

/** What the machine lets a test create. */
export type Means = { readonly acls: boolean; readonly mounts: boolean; readonly attributes: boolean };

/**
 * Directories of all modes, owners and ACLs, symlinks of all kinds, a storage and files beside it, and the mounts and
 * attributes that the machine allows.
 */
export function randomWorld(random: SeededRandom, means: Means): Plan {
  const grown = growDirectories(random, '', 4);
  const withMounts = means.mounts && random.chance(60);
  const storage = randomStorage(random, grown, withMounts);
  const beside = filesBeside(random, [...grown, ...storage.directories]);
  const paths = [...grown, ...storage.directories];
  const acts: Act[] = grown.filter((at) => at !== '').map((at) => ({ do: 'directory', at }));
  acts.push(...storage.acts, ...beside.acts, ...links(random, grown, paths));
  acts.push(...grown.flatMap((at) => owned(random, at)));
  const mounted = withMounts ? mounts(random, grown, paths) : { acts: [], places: [] };
  acts.push(...mounted.acts, ...storage.mounts, ...(withMounts ? mountedFiles(random, beside.files) : []));
  const places = [...new Set([...paths.filter((path) => !LINK_OR_FILE.test(path)), ...beside.files])];
  if (means.acls && random.chance(60)) acts.push(...acls(random, places));
  if (means.attributes && random.chance(30)) acts.push(...attributes(random, places));
  acts.push(...[...mounted.places, ...storage.mountPoints].flatMap((at) => remounted(random, at)));
  const named = paths.map((path) => (path === '' ? '%' : `%/${path}`));
  return { acts, paths: named, inner: storage.inner, beside: beside.uses };
}

/** The last name is one that {@link links} gives. */
const LINK_OR_FILE = /(^|\/)(l\d|loop\d|chain\d+|file)$/;

/** Most are about paths to a storage root, the others about what the registry uses beside it. */
export function randomQuestion(random: SeededRandom, { paths, inner, beside }: Plan): Question {
  const identity = randomIdentity(random);
  if (random.chance(55)) return { path: randomPath(random, paths), identity };
  if (random.chance(40)) return { path: random.pick(inner), identity, role: 'storage' };
  return { ...random.pick(beside), identity };
}

/** One file over another, as a container runtime mounts secrets. */
function mountedFiles(random: SeededRandom, files: readonly string[]): Act[] {
  return files
    .filter(() => random.chance(20))
    .flatMap((at): Act[] => [{ do: 'bind', at, from: random.pick(files) }, ...remounted(random, at)]);
}

/** A path of the world, sometimes with detours and names that might be missing. */
function randomPath(random: SeededRandom, paths: readonly string[]): string {
  let path = random.pick(paths);
  for (let detours = random.chance(50) ? 0 : 1 + random.int(3); detours > 0; detours -= 1) {
    path += random.pick(['/.', '/..', '//', '/l0', '/l1', '/l2', '/l3', `/${random.pick(NAMES)}`, '/file', '/']);
  }
  return path;
}

/** Mostly like real accounts: root with both capabilities, others with none. */
function randomIdentity(random: SeededRandom): Identity {
  const uid = random.pick(UIDS);
  const groups = GIDS.filter(() => random.chance(25));
  const asUsual = random.chance(70);
  const holds = () => (asUsual ? uid === 0 : random.chance(50));
  return { user: `u${uid}`, uid, gid: random.pick(GIDS), groups, dacOverride: holds(), dacReadSearch: holds() };
}

function growDirectories(random: SeededRandom, parent: string, depth: number): string[] {
  if (depth === 0) return [parent];
  const names = NAMES.slice(0, 1 + random.int(depth === 1 ? 1 : 3));
  const below = names.flatMap((name) =>
    growDirectories(random, under(parent, name), random.chance(20) ? 0 : depth - 1),
  );
  return [parent, ...below];
}

/** Adds what it creates to `paths`. */
function links(random: SeededRandom, directories: readonly string[], paths: string[]): Act[] {
  const uid = () => random.pick(UIDS);
  const acts: Act[] = [];
  for (let index = 0; index < LINKS; index += 1) {
    const from = random.pick(directories);
    const at = under(from, `l${index}`);
    acts.push({ do: 'link', at, to: randomTarget(random, from, paths), uid: uid() });
    paths.push(at);
  }
  acts.push({ do: 'link', at: 'loop1', to: 'loop2', uid: uid() }, { do: 'link', at: 'loop2', to: 'loop1', uid: uid() });
  if (random.chance(10)) acts.push(...chain(random, paths));
  const file = under(random.pick(directories), 'file');
  paths.push('loop1', file);
  return [...acts, { do: 'file', at: file }];
}

function chain(random: SeededRandom, paths: string[]): Act[] {
  const to = `%/${random.pick(paths)}`;
  paths.push(`chain${CHAIN - 2}`, `chain${CHAIN - 1}`);
  return Array.from({ length: CHAIN }, (_, index) => {
    return { do: 'link', at: `chain${index}`, to: index === 0 ? to : `chain${index - 1}`, uid: 0 };
  });
}

function randomTarget(random: SeededRandom, from: string, paths: readonly string[]): string {
  const place = random.pick(paths);
  const to = random.chance(15) ? under(place, 'nowhere') : place;
  if (random.chance(40)) return `%/${to}`;
  if (random.chance(20)) return `../${random.pick(NAMES)}`;
  if (random.chance(20)) return `l${random.int(LINKS)}`;
  if (random.chance(10)) return `%//${to}/./`;
  const up = from === '' ? 0 : from.split('/').length;
  return `${'../'.repeat(up)}${to}` || '.';
}

/**
 * Separate filesystems and other names of directories: one over another, below another, and over the parents of others.
 */
function mounts(
  random: SeededRandom,
  directories: readonly string[],
  paths: string[],
): { acts: Act[]; places: string[] } {
  const acts: Act[] = [];
  const places: string[] = [];
  for (let count = 1 + random.int(4); count > 0; count -= 1) {
    const above = places.map(parentOf);
    const at = random.pick([...directories, ...places, ...above, ...above].filter((path) => path !== ''));
    places.push(at);
    if (random.chance(40)) {
      acts.push({ do: 'bind', at, from: random.pick(directories) });
      continue;
    }
    acts.push({ do: 'tmpfs', at });
    const inside = growDirectories(random, at, 2);
    acts.push(...inside.slice(1).map((path): Act => ({ do: 'directory', at: path })));
    const from = random.pick(inside);
    const link = under(from, `l${random.int(LINKS)}`);
    acts.push({ do: 'link', at: link, to: randomTarget(random, from, paths), uid: random.pick(UIDS) });
    acts.push(...inside.flatMap((path) => owned(random, path)));
    paths.push(...inside, link);
  }
  return { acts, places };
}

/** A mount there covers what is below. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function remounted(random: SeededRandom, at: string): Act[] {
  const options = random.pick([
    null,
    null,
    'bind,ro',
    'bind,nosymfollow',
    'bind,nosymfollow',
    'bind,ro,nosymfollow',
    'ro',
  ]);
  return options === null ? [] : [{ do: 'remount', at, options }];
}

function acls(random: SeededRandom, places: readonly string[]): Act[] {
  return places.filter(() => random.chance(60)).map((at) => ({ do: 'acl', at, acl: randomAcl(random) }));
}

function randomAcl(random: SeededRandom): string {
  const users = UIDS.filter(() => random.chance(30)).map((uid) => `user:${uid}:${randomLetters(random)}`);
  const groups = GIDS.filter(() => random.chance(30)).map((gid) => `group:${gid}:${randomLetters(random)}`);
  return [
    `user::${randomLetters(random)}`,
    ...users,
    `group::${randomLetters(random)}`,
    ...groups,
    `mask::${random.chance(15) ? '---' : randomLetters(random)}`,
    `other::${randomLetters(random)}`,
  ].join(',');
}

function randomLetters(random: SeededRandom): string {
  const bits = random.int(8) | (random.chance(30) ? 1 : 0);
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}

function attributes(random: SeededRandom, places: readonly string[]): Act[] {
  const chosen = places.filter(() => random.chance(30));
  return chosen.map((at) => ({ do: 'attribute', at, letter: random.pick(['i', 'a'] as const) }));
}
