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
import type { Identity } from '../../../src/model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../src/model/host/host-path.ts';
import { asIdentity } from '../../../test/support/hosts/kernel-oracle.ts';
import { bytes } from '../ground/ground.ts';

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

/** Whether the identity can read this file. Asked through a descriptor, so the directories above it don't matter. */
export function mayRead(file: HostPath, identity: Identity): boolean {
  return throughDescriptor(file, identity, (path) => closeSync(openSync(path, 'r')));
}

/** Whether the identity can create an entry in this directory. Asked from inside. */
export function mayWrite(directory: HostPath, identity: Identity): boolean {
  const create = () => {
    mkdirSync('./.rd-try');
    rmdirSync('./.rd-try');
  };
  return inside(directory, () => asIdentity(identity, () => answerOf(create))) === 'ok';
}

/** Creates an entry in the directory, by its path, and removes it again. */
export function createIn(directory: HostPath): Answer {
  const entry = bytes(`${directory}/.rd-try`);
  return answerOf(() => {
    mkdirSync(entry);
    rmdirSync(entry);
  });
}

/** Node can't hold capabilities that differ from those of its uid. */
export function hasOwnCapabilities({ uid, dacOverride, dacReadSearch }: Identity): boolean {
  return (uid === 0) !== dacOverride || (uid === 0) !== dacReadSearch;
}

/** The first directory on the path that the identity can't pass. Null for none, or if Node can't take this identity. */
export function firstImpassable(path: HostPath, identity: Identity): HostPath | null {
  if (hasOwnCapabilities(identity)) return null;
  return directoriesOnTheWay(path).find((place) => !mayPass(place, identity)) ?? null;
}

/**
 * Every directory in which a name is looked up on the path, once, by its physical path: path_resolution(7) by hand, as
 * root. `kernel-truth.ts` compares it with the kernel's own answer.
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

/** The path without symlinks, as root sees it. Null if it is broken. */
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

/** chdir(2) takes any bytes, Node's takes only text, so this goes through a descriptor. */
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
