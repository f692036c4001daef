import { existsSync } from 'node:fs';
import type { HostPath } from '../../../src/model/host/host-path.ts';
import type { Accounts } from '../ground/accounts.ts';
import { bytes } from '../ground/ground.ts';
import type { Scene } from '../scenario.ts';
import { mayRead, physical } from './asks.ts';

/** For each secret file, who can read it. The directories above it don't matter. */
export type Readers = ReadonlyMap<HostPath, ReadonlySet<string>>;

/** Every account but root and the service's own, with all its groups. */
export function readersOf({ files = [], identity }: Scene, accounts: Accounts): Readers {
  const others = accounts.logins().filter(({ uid }) => uid !== identity.uid);
  const secrets = files.filter(({ path, secret }) => secret && existsSync(bytes(path)));
  return new Map(
    secrets.map(({ path }) => {
      const file = physical(path) ?? path;
      return [file, new Set(others.filter((account) => mayRead(file, account)).map(({ user }) => user))];
    }),
  );
}

/** Who can read a secret now and could not before. */
export function leaksOf(scene: Scene, accounts: Accounts, before: Readers): readonly string[] {
  return [...readersOf(scene, accounts)].flatMap(([file, readers]) =>
    [...readers].filter((user) => before.get(file)?.has(user) !== true).map((user) => `${user} reads ${file}`),
  );
}
