import { type Fact, knownValue, unknown } from '../../../model/fact.ts';
import type { DiskSpace } from '../../../model/host/disk.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { HostPath, textFromBytes } from '../../../model/host/host-path.ts';
import { type ConfiguredPath, PathRole, UsedPath } from '../../../model/host/used-path.ts';
import { decimal } from '../../frame/field-values.ts';
import { MalformedOutput } from '../../frame/malformed-output.ts';
import type { OutputField } from '../../frame/read-fields.ts';
import { words } from './parse-identity.ts';
import { pathFrom } from './parse-nodes.ts';

type Tries = UsedPath['tries'];

/** A path that the probe walked. Its access tests have the same number, starting at 1. */
export type WalkedPath = Pick<UsedPath, 'role' | 'key' | 'path' | 'usedBy'>;

const NOT_LOOKED_AT = unknown('not-looked-at');
const NOTHING_TRIED: Tries = {
  stat: NOT_LOOKED_AT,
  list: NOT_LOOKED_AT,
  create: NOT_LOOKED_AT,
  read: NOT_LOOKED_AT,
  write: NOT_LOOKED_AT,
};

/**
 * The paths that the probe walked, in order: each is announced as `ROLE KEY UID GID USER`, with `-` for a missing
 * value.
 */
export function walkedPaths(outputFields: readonly OutputField[]): WalkedPath[] {
  return outputFields.flatMap(({ key, value }, index) => {
    if (key !== 'used-path') return [];
    const next = outputFields[index + 1];
    if (next?.key !== 'used-path-at') throw new MalformedOutput('unexpected', 'used-path');
    const [role, configKey, uid, gid, ...user] = words(textFromBytes(value));
    return [
      {
        role: PathRole.parse(role),
        key: configKey === '-' || configKey === undefined ? null : configKey,
        path: pathFrom(next.value),
        usedBy:
          uid === '-' || uid === undefined
            ? null
            : { uid: decimal(uid, 'uid'), gid: decimal(gid, 'gid'), user: user.join(' ') },
      },
    ];
  });
}

/**
 * All paths that the registry uses: those that the probe walked, and those that only the config names, which are
 * unknown.
 *
 * @param tries by the number of the path, starting at 1
 * @param spaces likewise, for the paths inside the storage
 */
export function usedPaths(
  walked: readonly WalkedPath[],
  tries: ReadonlyMap<number, Tries>,
  spaces: ReadonlyMap<number, Fact<DiskSpace>>,
  config: Facts['config'],
): UsedPath[] {
  const used = walked.map((path, index): UsedPath => {
    const number = index + 1;
    return UsedPath.parse({ ...path, tries: tries.get(number) ?? NOTHING_TRIED, space: spaces.get(number) });
  });
  return [...used, ...notWalked(config, walked)];
}

function notWalked(config: Facts['config'], walked: readonly WalkedPath[]): UsedPath[] {
  const named = knownValue(config)?.paths ?? [];
  return named.flatMap((configured) => {
    const { role, key, written } = configured;
    const path = HostPath.safeParse(textFromBytes(new TextEncoder().encode(written)));
    if (!path.success || walked.some((one) => isOf(configured, one))) return [];
    return [UsedPath.parse({ role, key, path: path.data, usedBy: null, tries: NOTHING_TRIED })];
  });
}

/**
 * Whether a walked path is the configured one. A relative path was walked from the working directory of the process.
 */
function isOf({ role, key, written }: ConfiguredPath, walked: WalkedPath): boolean {
  if (walked.role !== role || walked.key !== key) return false;
  return !written.startsWith('/') || walked.path === textFromBytes(new TextEncoder().encode(written));
}
