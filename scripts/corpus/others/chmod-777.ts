import { spawnSync } from 'node:child_process';
import type { Identity } from '../../../src/model/host/facts.ts';
import type { HostPath } from '../../../src/model/host/host-path.ts';
import type { Accounts } from '../ground/accounts.ts';
import { mayWrite } from '../kernel/asks.ts';
import { isUsable, kernelTruth } from '../kernel/truth.ts';

export type Chmod777 = {
  readonly cures: boolean;
  /** Accounts that can write the storage now and could not before, apart from the path to it. */
  readonly writersMore: number;
};

/** `chmod -R 777` on the storage root: what most people try first. */
export function tryChmod777(storageRoot: HostPath, identity: Identity, accounts: Accounts): Chmod777 {
  const { root } = kernelTruth(storageRoot, identity);
  const before = root === null ? 0 : writersOf(root, identity, accounts);
  spawnSync('chmod', ['-R', '777', storageRoot]);
  const cures = isUsable(kernelTruth(storageRoot, identity));
  return { cures, writersMore: root === null ? 0 : writersOf(root, identity, accounts) - before };
}

/** How many accounts, other than the service's own, may create in the directory. */
export function writersOf(directory: HostPath, identity: Identity, accounts: Accounts): number {
  const others = accounts.logins().filter(({ uid }) => uid !== identity.uid);
  return others.filter((account) => mayWrite(directory, account)).length;
}
