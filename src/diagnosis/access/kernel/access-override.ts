import type { AccessAuthority } from '../../../model/diagnosis/access.ts';
import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import type { Reason } from '../../../model/reason.ts';
import { confinementOf } from './confinement.ts';
import { mountHolding, shiftsOwners } from './mount-table.ts';

/** Something other than owner, mode and ACL that decides access to a directory, alone or in addition. */
export type AccessOverride = {
  readonly by: AccessAuthority;
  readonly why: Reason;
  /** `denies-more`: it can only deny what the modes allow. */
  readonly power: 'decides-alone' | 'denies-more';
};

const SERVERS: ReadonlySet<string> = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ceph', '9p', 'afs'],
  ...['lustre', 'gpfs', 'beegfs', 'orangefs', 'vboxsf'],
]);
const MADE_FROM_OPTIONS: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'hfs', 'hfsplus']);

/** What besides modes decides access to this directory: its filesystem or mount, or else what confines the process. */
export function overrideAt(facts: Facts, directory: HostPath): AccessOverride | null {
  const mount = mountHolding(facts.mounts, directory);
  return (mount && overrideOfMount(mount)) ?? confiningModule(facts);
}

/** What decides access on this mount instead of modes. */
export function overrideOfMount(mount: MountEntry): AccessOverride | null {
  const { filesystem, mountPoint } = mount;
  const power = 'decides-alone';
  if (SERVERS.has(filesystem)) {
    return { by: 'server', power, why: { code: 'server-decides', filesystem, mountPoint } };
  }
  if (filesystem.startsWith('fuse') || filesystem === 'virtiofs') {
    return { by: 'fuse', power, why: { code: 'fuse-decides', filesystem, mountPoint } };
  }
  if (MADE_FROM_OPTIONS.has(filesystem)) {
    return { by: 'mount-options', power, why: { code: 'modes-made-up', filesystem, mountPoint } };
  }
  if (shiftsOwners(mount)) return { by: 'idmapped-mount', power, why: { code: 'owners-shifted', mountPoint } };
  return null;
}

function confiningModule(facts: Facts): AccessOverride | null {
  const confinement = confinementOf(facts);
  if (!confinement) return null;
  return { by: 'security-module', power: 'denies-more', why: { code: 'module-confines', ...confinement } };
}
