import type { SeededRandom } from '../../random.ts';
import type { Act } from '../act.ts';
import { linkTo, owned, randomUid, under } from './random-parts.ts';

/** A storage as the registry creates it, with one of its directories elsewhere: behind a symlink, or across a mount. */
export type Storage = {
  /** Parents first. Some of them are where the symlink or the mount leads. */
  readonly directories: readonly string[];
  readonly acts: readonly Act[];
  /** To be done after everything else. */
  readonly mounts: readonly Act[];
  readonly mountPoints: readonly string[];
  /** Paths inside the storage that lead there. */
  readonly inner: readonly string[];
};

const SHARD = 'docker/registry/v2/blobs/sha256/ab';
const PLACES = [
  'docker',
  ...['docker/registry/v2', 'docker/registry/v2/blobs', 'docker/registry/v2/repositories', 'docker/registry/v2/blobs'],
  SHARD,
];
const TREE = [
  ...['docker', 'docker/registry', 'docker/registry/v2', 'docker/registry/v2/blobs', 'docker/registry/v2/blobs/sha256'],
  ...[SHARD, 'docker/registry/v2/repositories'],
];

export function randomStorage(random: SeededRandom, directories: readonly string[], withMounts: boolean): Storage {
  const root = random.pick(directories);
  const place = random.pick(PLACES);
  const at = under(root, place);
  const below = TREE.filter((path) => path.startsWith(`${place}/`)).map((path) => path.slice(place.length + 1));
  const isMount = withMounts && random.chance(40);
  const isOld = random.chance(25);
  const far = isOld ? random.pick(directories) : under(random.pick(directories), 'far');
  const moved = isOld ? [] : [far, ...below.map((name) => under(far, name))];
  const kept = TREE.filter((path) => isMount || !(path === place || path.startsWith(`${place}/`)));
  const tree = kept.map((path) => under(root, path));
  const made = [...moved, ...tree];
  return {
    directories: made,
    acts: [
      ...made.map((path): Act => ({ do: 'directory', at: path })),
      ...(isMount ? [] : links(random, at, far)),
      ...[...moved, ...tree.filter(() => random.chance(35))].flatMap((path) => owned(random, path)),
    ],
    mounts: isMount ? mountAt(random, at, far, below) : [],
    mountPoints: isMount ? [at] : [],
    inner: ['', '', ...(isOld ? ['nowhere'] : [...below, ...below, 'nowhere'])].map((name) => `%/${under(at, name)}`),
  };
}

function links(random: SeededRandom, at: string, to: string): Act[] {
  const uid = randomUid(random);
  if (random.chance(15)) return [{ do: 'link', at, to: linkTo(random, at, `${to}/nowhere`), uid }];
  if (random.chance(65)) return [{ do: 'link', at, to: linkTo(random, at, to), uid }];
  return [
    { do: 'link', at: 'hop', to: linkTo(random, 'hop', to), uid: randomUid(random) },
    { do: 'link', at, to: linkTo(random, at, 'hop'), uid },
  ];
}

function mountAt(random: SeededRandom, at: string, from: string, below: readonly string[]): Act[] {
  if (random.chance(50)) return [{ do: 'bind', at, from }];
  const inside = below.map((name) => under(at, name));
  return [
    { do: 'tmpfs', at },
    ...inside.map((path): Act => ({ do: 'directory', at: path })),
    ...[at, ...inside].flatMap((path) => owned(random, path)),
  ];
}
