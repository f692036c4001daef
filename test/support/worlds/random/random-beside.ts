import type { PathRole } from '../../../../src/model/host/used-path.ts';
import type { SeededRandom } from '../../random.ts';
import type { Act } from '../act.ts';
import { fileMode, linkTo, owned, randomUid, under } from './random-parts.ts';

/** Files and directories that the registry uses beside its storage. */
export type Beside = {
  readonly acts: readonly Act[];
  /** Files, which can have an ACL, an attribute and a mount, like directories. */
  readonly files: readonly string[];
  readonly uses: readonly { readonly role: PathRole; readonly path: string }[];
};

const FILES_A_WORLD = 4;
const ROLES: readonly PathRole[] = [
  ...(['config', 'tls-key', 'token-certificate'] as const),
  ...(['htpasswd', 'htpasswd', 'acme-cache', 'acme-cache', 'socket-directory'] as const),
];

/** Files behind directories and symlinks of all kinds. Some are missing, or are directories. */
export function filesBeside(random: SeededRandom, directories: readonly string[]): Beside {
  const all = Array.from({ length: FILES_A_WORLD }, (_, index) => fileBeside(random, directories, index));
  return {
    acts: all.flatMap(({ acts }) => acts),
    files: all.flatMap(({ files }) => files),
    uses: all.flatMap(({ uses }) => uses),
  };
}

function fileBeside(random: SeededRandom, directories: readonly string[], index: number): Beside {
  const near = random.pick(directories);
  const parent = random.chance(40) ? near : under(near, `f${index}d`);
  const at = under(parent, `f${index}`);
  const way = under(random.pick(directories), `m${index}`);
  const place = thingAt(random, at, directories, index);
  const acts: Act[] = [
    ...(parent === near || random.chance(10)
      ? []
      : [{ do: 'directory', at: parent } as const, ...owned(random, parent)]),
    ...place.acts,
    { do: 'link', at: way, to: linkTo(random, way, parent), uid: randomUid(random) },
  ];
  const below = directories.filter(
    (directory) => directory.startsWith(`${parent}/`) && !directory.includes('/', parent.length + 1),
  );
  const detours = [
    ...[
      `%/${at}`,
      `%/${at}`,
      `%/${at}`,
      `%/${way}/f${index}`,
      `%/${way}/f${index}`,
      `%/${parent}/./f${index}`,
      `%/${parent}/nowhere/f${index}`,
    ],
    ...below.map((directory) => `%/${directory}/../f${index}`),
  ];
  return {
    acts,
    files: place.files,
    uses: detours.flatMap((path) => [
      { path, role: random.pick(ROLES) },
      { path, role: random.pick(ROLES) },
    ]),
  };
}

/** The entry at the path itself. */
function thingAt(
  random: SeededRandom,
  at: string,
  directories: readonly string[],
  index: number,
): { readonly acts: readonly Act[]; readonly files: readonly string[] } {
  if (random.chance(15)) return { acts: [], files: [] };
  if (random.chance(15)) return { acts: [{ do: 'directory', at }, ...owned(random, at)], files: [] };
  if (random.chance(65)) return file(random, at);
  const end = under(random.pick(directories), `t${index}`);
  const target = random.chance(15) ? { acts: [], files: [] } : file(random, end);
  const link: Act = { do: 'link', at, to: linkTo(random, at, end), uid: randomUid(random) };
  return { acts: [...target.acts, link], files: target.files };
}

function file(random: SeededRandom, at: string): { readonly acts: readonly Act[]; readonly files: readonly string[] } {
  const [own] = owned(random, at);
  const mode: Act = { do: 'mode', at, mode: fileMode(random) };
  return { acts: [{ do: 'file', at }, ...(own ? [own] : []), mode], files: [at] };
}
