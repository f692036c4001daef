import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmdirSync,
  statSync,
} from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identity } from '../../src/model/facts.ts';
import { HostPath, textFromBytes } from '../../src/model/host-path.ts';
import { asIdentity } from '../../test/support/kernel-oracle.ts';
import { bytes } from './ground.ts';

/** `ok`, or the name of the error that the kernel gave. */
export type Answer = string;

/** What the kernel says of a storage path, for one identity. Nothing here is evaluated by us: all of it was tried. */
export type KernelTruth = {
  /** By the whole path, as the registry does it; list and create only where stat got there. */
  readonly stat: Answer;
  readonly list: Answer | null;
  readonly create: Answer | null;
  /** Each directory on the way that the identity may not pass, tried from inside it; in the order of the way. */
  readonly impassable: readonly HostPath[];
  /** The directories in the root in which the registry writes, as far as they are there: may it create in them? */
  readonly inner: readonly { readonly path: HostPath; readonly create: Answer }[];
  /** The storage root's physical path; null when there is no directory at the end. */
  readonly root: HostPath | null;
  /** May it create in the root, once it has got there? Tried from inside, so that the way plays no part. */
  readonly mayWriteRoot: boolean;
};

/** Where the registry writes below its root (distribution's path specification). */
const INNER = [
  'docker',
  'docker/registry',
  'docker/registry/v2',
  'docker/registry/v2/blobs',
  'docker/registry/v2/repositories',
];
const ASKING_PROGRAM = fileURLToPath(new URL('ask-kernel.ts', import.meta.url));

/** Needs root. What is created for a try is taken away at once. */
export function kernelTruth(told: HostPath, identity: Identity): KernelTruth {
  const path = asRegistryReadsIt(told);
  const root = physical(path);
  const inner =
    root === null
      ? []
      : INNER.map((name) => HostPath.parse(`${root}/${name}`)).filter((place) => existsSync(bytes(place)));
  const { stat, list, create, inner: innerAnswers } = askAs(identity, path, inner);
  const impassable = hasOwnCapabilities(identity)
    ? []
    : directoriesOnTheWay(path).filter((place) => !mayPass(place, identity));
  const mayWriteRoot = root !== null && (hasOwnCapabilities(identity) ? create === 'ok' : mayWrite(root, identity));
  const truth = {
    stat,
    list,
    create,
    impassable,
    root,
    mayWriteRoot,
    inner: inner.map((place, index) => ({ path: place, create: innerAnswers[index] ?? 'not asked' })),
  };
  // Two ways of asking the kernel have to agree, or this file is wrong.
  if (!hasOwnCapabilities(identity) && (stat === 'ok' || stat === 'EACCES')) {
    assert.equal(
      stat === 'EACCES',
      impassable.length > 0,
      `the oracle contradicts itself at ${path}: ${JSON.stringify(truth)}`,
    );
  }
  return truth;
}

/** Whether the registry can do all that it needs. */
export function isUsable({ stat, list, create, inner }: KernelTruth): boolean {
  return [stat, list, create, ...inner.map((place) => place.create)].every((answer) => answer === 'ok');
}

/** May the identity look something up in this directory? Asked from inside, so that its ancestors play no part. */
export function mayPass(directory: HostPath, identity: Identity): boolean {
  return inside(directory, () => asIdentity(identity, () => answerOf(() => statSync('./.')))) === 'ok';
}

/** May the identity list this directory? Asked through a descriptor, which takes no search permission on it. */
export function mayList(directory: HostPath, identity: Identity): boolean {
  const opened = openSync(bytes(directory), 'r');
  try {
    return asIdentity(identity, () => answerOf(() => readdirSync(`/proc/self/fd/${opened}`))) === 'ok';
  } finally {
    closeSync(opened);
  }
}

/** May the identity make an entry in this directory? Asked from inside. */
export function mayWrite(directory: HostPath, identity: Identity): boolean {
  const create = () => {
    mkdirSync('./.rd-try');
    rmdirSync('./.rd-try');
  };
  return inside(directory, () => asIdentity(identity, () => answerOf(create))) === 'ok';
}

export type Asked = {
  readonly stat: Answer;
  readonly list: Answer | null;
  readonly create: Answer | null;
  readonly inner: Answer[];
};

/** Asks as whoever this process is. */
export function askByPath(path: HostPath, inner: readonly HostPath[]): Asked {
  const stat = answerOf(() => statSync(bytes(path)));
  if (stat !== 'ok') return { stat, list: null, create: null, inner: [] };
  const list = answerOf(() => readdirSync(bytes(path)));
  return { stat, list, create: createIn(path), inner: inner.map(createIn) };
}

function createIn(directory: HostPath): Answer {
  const entry = bytes(`${directory}/.rd-try`);
  return answerOf(() => {
    mkdirSync(entry);
    rmdirSync(entry);
  });
}

/** Node cannot hold capabilities of another identity than root's: then a process of its own asks, started by setpriv(1). */
function askAs(identity: Identity, path: HostPath, inner: readonly HostPath[]): Asked {
  if (!hasOwnCapabilities(identity)) return asIdentity(identity, () => askByPath(path, inner));
  const [program = '', ...words] = [...asService(identity), process.execPath, ASKING_PROGRAM];
  return JSON.parse(execFileSync(program, words, { input: JSON.stringify({ path, inner }), encoding: 'utf8' }));
}

function hasOwnCapabilities({ uid, dacOverride, dacReadSearch }: Identity): boolean {
  return (uid === 0) !== dacOverride || (uid === 0) !== dacReadSearch;
}

/** The words before a command that make it exactly this identity, with exactly these two capabilities of its own. */
export function asService({ uid, gid, groups, dacOverride, dacReadSearch }: Identity): readonly string[] {
  const capabilities = [...(dacOverride ? ['+dac_override'] : []), ...(dacReadSearch ? ['+dac_read_search'] : [])].join(
    ',',
  );
  const lacking = [...(dacOverride ? [] : ['-dac_override']), ...(dacReadSearch ? [] : ['-dac_read_search'])].join(',');
  const ofOthers = capabilities === '' ? [] : [`--inh-caps=${capabilities}`, `--ambient-caps=${capabilities}`];
  const ofRoot = lacking === '' ? [] : [`--bounding-set=${lacking}`, `--inh-caps=${lacking}`];
  const ids = [
    '--reuid',
    `${uid}`,
    '--regid',
    `${gid}`,
    ...(groups.length > 0 ? ['--groups', groups.join(',')] : ['--clear-groups']),
  ];
  return ['setpriv', ...ids, ...(uid === 0 ? ofRoot : ofOthers), '--'];
}

/**
 * Every directory in which something is looked up on the way, once, by its physical path: path_resolution(7) done by hand,
 * as root. What the kernel itself makes of the path is compared with it in {@link kernelTruth}.
 */
function directoriesOnTheWay(path: HostPath): readonly HostPath[] {
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

/** The registry joins its root with what it looks for by Go's path.Join, which takes `..` by the words, not by the links. */
function asRegistryReadsIt(path: HostPath): HostPath {
  return HostPath.parse(posix.normalize(path).replace(/(.)\/$/, '$1'));
}

function physical(path: HostPath): HostPath | null {
  try {
    const real = realpathSync.native(bytes(path), { encoding: 'buffer' });
    return statSync(real).isDirectory() ? HostPath.parse(textFromBytes(real)) : null;
  } catch {
    return null;
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

function answerOf(call: () => unknown): Answer {
  try {
    call();
    return 'ok';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}
