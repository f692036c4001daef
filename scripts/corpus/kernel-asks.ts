import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import type { Identity } from '../../src/model/host/facts.ts';
import { HostPath, textFromBytes } from '../../src/model/host/host-path.ts';
import { asIdentity } from '../../test/support/kernel-oracle.ts';
import { bytes } from './ground.ts';

/** `ok`, or the name of the error that the kernel gave. */
export type Answer = string;

export function answerOf(call: () => unknown): Answer {
  try {
    call();
    return 'ok';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

/** May the identity look something up in this directory? Asked from inside, so that its ancestors play no part. */
export function mayPass(directory: HostPath, identity: Identity): boolean {
  return inside(directory, () => asIdentity(identity, () => answerOf(() => statSync('./.')))) === 'ok';
}

/** May the identity list this directory? Asked through a descriptor, which takes no search permission on it. */
export function mayList(directory: HostPath, identity: Identity): boolean {
  return throughDescriptor(directory, identity, (path) => readdirSync(path));
}

/** May the identity read this file? Asked through a descriptor, so that the directories above it play no part. */
export function mayRead(file: HostPath, identity: Identity): boolean {
  return throughDescriptor(file, identity, (path) => closeSync(openSync(path, 'r')));
}

/** May the identity make an entry in this directory? Asked from inside. */
export function mayWrite(directory: HostPath, identity: Identity): boolean {
  const create = () => {
    mkdirSync('./.rd-try');
    rmdirSync('./.rd-try');
  };
  return inside(directory, () => asIdentity(identity, () => answerOf(create))) === 'ok';
}

/** Makes an entry in the directory, by its path, and takes it away again. */
export function createIn(directory: HostPath): Answer {
  const entry = bytes(`${directory}/.rd-try`);
  return answerOf(() => {
    mkdirSync(entry);
    rmdirSync(entry);
  });
}

/** Node cannot hold capabilities of another identity than root's. */
export function hasOwnCapabilities({ uid, dacOverride, dacReadSearch }: Identity): boolean {
  return (uid === 0) !== dacOverride || (uid === 0) !== dacReadSearch;
}

/** The first directory on the way that the identity may not pass; null for none, or where Node cannot be this identity. */
export function firstImpassable(path: HostPath, identity: Identity): HostPath | null {
  if (hasOwnCapabilities(identity)) return null;
  return directoriesOnTheWay(path).find((place) => !mayPass(place, identity)) ?? null;
}

/**
 * Every directory in which something is looked up on the way, once, by its physical path: path_resolution(7) done by hand,
 * as root. What the kernel itself makes of the path is compared with it in `kernel-truth.ts`.
 */
export function directoriesOnTheWay(path: HostPath): readonly HostPath[] {
  const seen = new Set<string>();
  let here = '/';
  let links = 0;
  let rest = path.split('/');
  while (rest.length > 0) {
    const [name = '', ...others] = rest;
    rest = others;
    if (name === '') continue;
    seen.add(here);
    if (name === '.') continue;
    if (name === '..') {
      here = here.slice(0, here.lastIndexOf('/')) || '/';
      continue;
    }
    const next = here === '/' ? `/${name}` : `${here}/${name}`;
    const found = lstatSync(bytes(next), { throwIfNoEntry: false });
    if (!found) break;
    if (found.isSymbolicLink()) {
      links += 1;
      if (links > 40) break;
      const target = textFromBytes(readlinkSync(bytes(next), { encoding: 'buffer' }));
      if (target.startsWith('/')) here = '/';
      rest = [...target.split('/'), ...rest];
    } else if (found.isDirectory()) {
      here = next;
    } else {
      break;
    }
  }
  return [...seen].map((place) => HostPath.parse(place));
}

/** The path without any link in it, as root sees it; null where it is broken. */
export function physical(path: HostPath): HostPath | null {
  try {
    return HostPath.parse(textFromBytes(realpathSync.native(bytes(path), { encoding: 'buffer' })));
  } catch {
    return null;
  }
}

function throughDescriptor(place: HostPath, identity: Identity, use: (path: string) => unknown): boolean {
  const opened = openSync(bytes(place), 'r');
  try {
    return asIdentity(identity, () => answerOf(() => use(`/proc/self/fd/${opened}`))) === 'ok';
  } finally {
    closeSync(opened);
  }
}

/** chdir(2) takes any bytes, Node's only text: so by way of a descriptor. */
function inside<T>(directory: HostPath, work: () => T): T {
  const descriptor = openSync(bytes(directory), 'r');
  process.chdir(`/proc/self/fd/${descriptor}`);
  try {
    return work();
  } finally {
    process.chdir('/');
    closeSync(descriptor);
  }
}
