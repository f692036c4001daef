import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Identity } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { asIdentity } from '../../../test/support/hosts/kernel-oracle.ts';
import { bytes } from '../ground/ground.ts';
import {
  type Answer,
  answerOf,
  createIn,
  directoriesOnTheWay,
  hasOwnCapabilities,
  mayPass,
  mayWrite,
  physical,
} from './asks.ts';
import { askInner, type InnerPlace, innerPlaces } from './inner.ts';

/**
 * The kernel's answers about a storage path, for one identity. Nothing here is computed: everything was tested.
 */
export type KernelTruth = {
  /** By the whole path, as the registry does. List and create only if stat succeeded. */
  readonly stat: Answer;
  readonly list: Answer | null;
  readonly create: Answer | null;
  /** Each directory on the path that the identity can't pass, tested from inside it, in path order. Capabilities pass all. */
  readonly impassable: readonly HostPath[];
  /**
   * What the registry uses below its root and the kernel denies, through symlinks and mounts. Only if stat succeeded.
   */
  readonly denied: readonly DeniedInside[];
  /** The storage root's physical path. Null if there is no directory at the end. */
  readonly root: HostPath | null;
  /** Whether the identity can create in the root, whatever the way to it. With capabilities of its own: by the whole path, which they pass. */
  readonly mayWriteRoot: boolean;
};

export type DeniedInside = {
  readonly path: HostPath;
  readonly answer: Answer;
  /** The directory that can't be passed, or the file that denies, by its physical path. */
  readonly blockedAt: HostPath;
};

const ASKING_PROGRAM = fileURLToPath(new URL('ask.ts', import.meta.url));

/** Needs root. What a test creates is removed at once. */
export function kernelTruth(told: HostPath, identity: Identity): KernelTruth {
  const path = asRegistryReadsIt(told);
  const root = rootOf(path);
  const inner = root === null ? [] : innerPlaces(root);
  const { stat, list, create, inner: answers } = askAs(identity, path, inner);
  const impassable = impassableOn(path, identity);
  const mayWriteRoot = root !== null && (hasOwnCapabilities(identity) ? create === 'ok' : mayWrite(root, identity));
  const denied = deniedInside(inner, answers, identity);
  const truth = { stat, list, create, impassable, root, mayWriteRoot, denied };
  // Two methods of asking the kernel have to agree, or this file is wrong.
  if (!hasOwnCapabilities(identity) && (stat === 'ok' || stat === 'EACCES')) {
    assert.equal(
      stat === 'EACCES',
      impassable.length > 0,
      `the oracle contradicts itself at ${path}: ${JSON.stringify(truth)}`,
    );
  }
  return truth;
}

function deniedInside(
  inner: readonly InnerPlace[],
  answers: readonly Answer[],
  identity: Identity,
): readonly DeniedInside[] {
  return answers.flatMap((answer, index) => {
    const path = inner[index]?.path;
    if (path === undefined || answer === 'ok') return [];
    const impassable = impassableOn(path, identity);
    const blockers = impassable.length > 0 ? impassable : [physical(path) ?? path];
    return blockers.map((blockedAt) => ({ path, answer, blockedAt }));
  });
}

/** Node asks without capabilities. An identity with one of these two passes every directory (capabilities(7)). */
function impassableOn(path: HostPath, identity: Identity): readonly HostPath[] {
  if (hasOwnCapabilities(identity)) return [];
  return directoriesOnTheWay(path).filter((place) => !mayPass(place, identity));
}

/** Whether the registry can do everything that it needs. */
export function isUsable({ stat, list, create, denied }: KernelTruth): boolean {
  return [stat, list, create].every((answer) => answer === 'ok') && denied.length === 0;
}

export type Asked = {
  readonly stat: Answer;
  readonly list: Answer | null;
  readonly create: Answer | null;
  readonly inner: Answer[];
};

/** Asks with the identity of this process. */
export function askByPath(path: HostPath, inner: readonly InnerPlace[]): Asked {
  const stat = answerOf(() => statSync(bytes(path)));
  if (stat !== 'ok') return { stat, list: null, create: null, inner: [] };
  const list = answerOf(() => readdirSync(bytes(path)));
  return { stat, list, create: createIn(path), inner: inner.map(askInner) };
}

/** If Node can't take this identity, a separate process asks, started by setpriv(1). */
function askAs(identity: Identity, path: HostPath, inner: readonly InnerPlace[]): Asked {
  if (!hasOwnCapabilities(identity)) return asIdentity(identity, () => askByPath(path, inner));
  const [program = '', ...args] = [...asService(identity), process.execPath, ASKING_PROGRAM];
  return JSON.parse(execFileSync(program, args, { input: JSON.stringify({ path, inner }), encoding: 'utf8' }));
}

/** The words before a command that give it exactly this identity: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH only if it has them. */
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

/** The registry joins its root with a name by Go's path.Join, which resolves `..` as text, not by symlinks. */
function asRegistryReadsIt(path: HostPath): HostPath {
  return HostPath.parse(posix.normalize(path).replace(/(.)\/$/, '$1'));
}

function rootOf(path: HostPath): HostPath | null {
  const root = physical(path);
  return root !== null && statSync(bytes(root)).isDirectory() ? root : null;
}
