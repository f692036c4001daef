import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Identity } from '../../../src/model/host/facts.ts';
import type { SeededRandom } from '../random.ts';

const UIDS = [0, 61_001, 61_002, 61_003];
const GIDS = [0, 62_001, 62_002, 62_003, 62_004];
const NAMES = ['a', 'b', 'c', 'd'];

/** A scratch directory so deep that no detour by `..` leads out of it. `scratch` is what to remove. */
export function makeGrounds(): { scratch: string; grounds: string } {
  const scratch = mkdtempSync(join(tmpdir(), 'rd-kernel-'));
  let grounds = scratch;
  chmodSync(scratch, 0o755);
  for (const name of ['one', 'two', 'three', 'four']) {
    grounds = join(grounds, name);
    mkdirSync(grounds);
    chmodSync(grounds, 0o755);
  }
  return { scratch, grounds };
}

/** Needs root. Makes a tree and closes it at random. Returns the paths of its directories, symlinks and files. */
export function growTree(random: SeededRandom, tree: string, withAcls: boolean): string[] {
  const directories = growDirectories(random, tree, 4);
  const paths = [...directories];
  for (let index = 0; index < 8; index += 1) {
    const path = join(random.pick(directories), `l${index}`);
    symlinkSync(randomTarget(random, tree, dirname(path), paths), path);
    paths.push(path);
  }
  symlinkSync('loop2', join(tree, 'loop1'));
  symlinkSync('loop1', join(tree, 'loop2'));
  const file = join(random.pick(directories), 'file');
  writeFileSync(file, '');
  for (const directory of directories) {
    chownSync(directory, random.pick(UIDS), random.pick(GIDS));
    chmodSync(directory, randomMode(random));
  }
  if (withAcls) {
    setAcls(
      random,
      directories.filter(() => random.chance(60)),
    );
  }
  return [...paths, join(tree, 'loop1'), file];
}

/** A path of the tree, sometimes with detours and names that might be missing. */
export function randomPath(random: SeededRandom, paths: readonly string[]): string {
  let path = random.pick(paths);
  for (let detours = random.int(4); detours > 0; detours -= 1) {
    path += random.pick(['/.', '/..', '//', '/l0', '/l1', '/l2', '/l3', `/${random.pick(NAMES)}`, '/file']);
  }
  return path;
}

export function randomIdentity(random: SeededRandom): Identity {
  const uid = random.pick(UIDS);
  const groups = GIDS.filter(() => random.chance(25));
  const isRoot = uid === 0;
  return { user: `u${uid}`, uid, gid: random.pick(GIDS), groups, dacOverride: isRoot, dacReadSearch: isRoot };
}

function growDirectories(random: SeededRandom, parent: string, depth: number): string[] {
  if (depth === 0) return [parent];
  const names = NAMES.slice(0, 1 + random.int(depth === 1 ? 1 : 3));
  const below = names.flatMap((name) => {
    mkdirSync(join(parent, name));
    return growDirectories(random, join(parent, name), random.chance(20) ? 0 : depth - 1);
  });
  return [parent, ...below];
}

/** Mostly passable, so that paths go deep; sometimes anything, including setuid and setgid. */
function randomMode(random: SeededRandom): number {
  if (random.chance(35)) return 0o755;
  const special = (random.chance(15) ? 0o2000 : 0) | (random.chance(5) ? 0o4000 : 0);
  return random.int(0o1000) | (random.chance(40) ? 0o111 : 0) | special;
}

function randomTarget(random: SeededRandom, tree: string, from: string, paths: readonly string[]): string {
  const to = random.chance(15) ? join(random.pick(paths), 'nowhere') : random.pick(paths);
  if (random.chance(40)) return to;
  if (random.chance(20)) return `../${random.pick(NAMES)}`;
  if (random.chance(20)) return `l${random.int(8)}`;
  if (random.chance(10)) return `${tree}//${relative(tree, to)}/./`;
  return relative(from, to) || '.';
}

function setAcls(random: SeededRandom, directories: readonly string[]): void {
  const blocks = directories.map((path) => {
    const { uid, gid } = statSync(path);
    return [`# file: ${path}`, `# owner: ${uid}`, `# group: ${gid}`, ...randomAcl(random), ''].join('\n');
  });
  execFileSync('setfacl', ['--restore=-'], { input: blocks.join('\n') });
}

function randomAcl(random: SeededRandom): string[] {
  const users = UIDS.filter(() => random.chance(30)).map((uid) => `user:${uid}:${randomPermissions(random)}`);
  const groups = GIDS.filter(() => random.chance(30)).map((gid) => `group:${gid}:${randomPermissions(random)}`);
  return [
    `user::${randomPermissions(random)}`,
    ...users,
    `group::${randomPermissions(random)}`,
    ...groups,
    `mask::${random.chance(15) ? '---' : randomPermissions(random)}`,
    `other::${randomPermissions(random)}`,
  ];
}

function randomPermissions(random: SeededRandom): string {
  const bits = random.int(8) | (random.chance(30) ? 1 : 0);
  return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
}
