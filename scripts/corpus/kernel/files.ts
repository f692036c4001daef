import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import type { Identity } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { asIdentity } from '../../../test/support/hosts/kernel-oracle.ts';
import { bytes } from '../ground/ground.ts';
import { type Answer, answerOf, createIn, firstImpassable, physical } from './asks.ts';

/** A path that the registry uses beside its storage, as in its config. */
export type BesideStorage = {
  readonly path: HostPath;
  /** `read` a file, `make` one that is missing, or make entries in a `directory`. */
  readonly use: 'read' | 'make' | 'directory';
  /** No other account must be able to read it afterwards. */
  readonly secret?: true;
};

export type FileTruth = BesideStorage & {
  readonly answer: Answer;
  /** The directory that denies, or the file itself. Null if nothing denies, or nothing exists. */
  readonly blockedAt: HostPath | null;
};

/** The kernel's answer about one such path, for an identity, tested as the registry does. Needs root. */
export function fileTruth(file: BesideStorage, identity: Identity): FileTruth {
  // A socket that is left from the last start counts as missing: the registry makes it anew.
  const isThere = answerOf(() => statSync(bytes(file.path))) === 'ok' && !statSync(bytes(file.path)).isSocket();
  const parent = HostPath.parse(posix.dirname(file.path));
  const tried = file.use === 'make' && !isThere ? parent : file.path;
  const answer = asIdentity(identity, () => (file.use === 'read' || isThere ? ask(file) : createIn(parent)));
  if (answer === 'ok') return { ...file, answer, blockedAt: null };
  return { ...file, answer, blockedAt: firstImpassable(file.path, identity) ?? physical(tried) };
}

function ask({ path, use }: BesideStorage): Answer {
  return use === 'directory' ? createIn(path) : answerOf(() => readOneByte(path));
}

function readOneByte(path: HostPath): void {
  const opened = openSync(bytes(path), 'r');
  try {
    readSync(opened, Buffer.alloc(1));
  } finally {
    closeSync(opened);
  }
}
