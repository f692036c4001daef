import { closeSync, openSync, readdirSync, type Stats, statSync } from 'node:fs';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { bytes } from '../ground/ground.ts';
import { type Answer, answerOf, createIn } from './asks.ts';

/** A path below the storage root that the registry uses: a directory in which it creates, or a file that it reads. */
export type InnerPlace = { readonly path: HostPath; readonly kind: 'directory' | 'file' };

/** Deeper than any repository of a scenario: a loop of symlinks ends here. */
const DEEPEST = 16;
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Every path that the registry uses, by distribution's path specification. Symlinks and mounts are followed, as the
 * registry follows them. Needs root. Directories named by a digest, and `current`, are not among them, but what is below them is: each
 * is written once, when it is made.
 */
export function innerPlaces(root: HostPath): readonly InnerPlace[] {
  return placesBelow(`${root}/docker`, 0);
}

/** Creates in the directory, or opens the file, with the identity of this process. */
export function askInner({ path, kind }: InnerPlace): Answer {
  return kind === 'directory' ? createIn(path) : answerOf(() => closeSync(openSync(bytes(path), 'r')));
}

function placesBelow(path: string, depth: number): readonly InnerPlace[] {
  const found = statOf(path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (found?.isFile()) return name === 'data' || name === 'link' ? [{ path: HostPath.parse(path), kind: 'file' }] : [];
  if (!found?.isDirectory() || depth > DEEPEST || name === 'lost+found') return [];
  const isWritten = !DIGEST.test(name) && name !== 'current';
  const below = readdirSync(path).flatMap((entry) => placesBelow(`${path}/${entry}`, depth + 1));
  return [...(isWritten ? [{ path: HostPath.parse(path), kind: 'directory' } as const] : []), ...below];
}

/** Follows symlinks. Undefined for a broken one. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
