import { closeSync, openSync, readdirSync, type Stats, statSync } from 'node:fs';
import { HostPath } from '../../src/model/host/host-path.ts';
import { bytes } from './ground.ts';
import { type Answer, answerOf, createIn } from './kernel-asks.ts';

/** Something below the storage root that the registry uses: a directory in which it creates, or a file that it reads. */
export type InnerPlace = { readonly path: HostPath; readonly kind: 'directory' | 'file' };

/** Deeper than any repository of a scenario, and an end where a link leads in circles. */
const DEEPEST = 16;
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Every place that the registry uses, as distribution's path specification lays them out; links and mounts are followed, as the
 * registry follows them. Needs root. Directories that are named by a digest hold what is never written twice.
 */
export function innerPlaces(root: HostPath): readonly InnerPlace[] {
  return placesBelow(`${root}/docker`, 0);
}

/** Asks for one place by its path, as whoever this process is. */
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

/** Links are followed; undefined where they lead nowhere. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
