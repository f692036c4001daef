import type { z } from 'zod';
import { known } from '../../../src/model/fact.ts';
import type { TryResult } from '../../../src/model/host/facts.ts';
import { UsedPath } from '../../../src/model/host/used-path.ts';
import { ALLOWED, DENIED, hostPath } from './facts-builder.ts';

const ROOM = { sizeBytes: 2 ** 40, availableBytes: 2 ** 39, inodes: 60_000_000, availableInodes: 50_000_000 };

/** A path inside the storage with the same kernel answer for every use. */
export function innerPath(
  path: string,
  answer: TryResult = ALLOWED,
  of: Partial<z.input<typeof UsedPath>> = {},
): UsedPath {
  const all = known(answer);
  return UsedPath.parse({
    role: 'storage',
    key: null,
    path: hostPath(path),
    usedBy: null,
    tries: { stat: all, list: all, create: all },
    space: known(ROOM),
    ...of,
  });
}

/** A file beside the storage that the service can read and not write, changed as given. */
export function usedFile(
  role: UsedPath['role'],
  path: string,
  of: Partial<z.input<typeof UsedPath>> & {
    readonly stat?: TryResult;
    readonly read?: TryResult;
    readonly write?: TryResult;
  } = {},
): UsedPath {
  const { stat = ALLOWED, read = stat, write = DENIED, ...more } = of;
  return UsedPath.parse({
    role,
    key: null,
    path: hostPath(path),
    usedBy: null,
    tries: { stat: known(stat), read: known(read), write: known(write) },
    ...more,
  });
}
