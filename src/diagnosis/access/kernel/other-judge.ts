import type { OtherJudge } from '../../../model/diagnosis/access.ts';
import type { Facts, MountEntry } from '../../../model/host/facts.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { confinementOf } from './confinement.ts';
import { mountHolding, shiftsOwners } from './mount-table.ts';

/** Somebody else who decides at a place, whatever owner, mode and ACL say there. */
export type Judge = {
  readonly by: OtherJudge;
  /** A short clause for people. */
  readonly why: string;
  /** `denies-more`: what the modes deny stays denied. */
  readonly power: 'decides-alone' | 'denies-more';
};

const SERVERS: ReadonlySet<string> = new Set([
  ...['nfs', 'nfs4', 'cifs', 'smb3', 'smbfs', 'ceph', '9p', 'afs'],
  ...['lustre', 'gpfs', 'beegfs', 'orangefs', 'vboxsf'],
]);
const MADE_FROM_OPTIONS: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'hfs', 'hfsplus']);

/** Who else decides about the use of this directory: its filesystem, its mount, then the process's own confinement. */
export function otherJudgeOf(facts: Facts, directory: HostPath): Judge | null {
  const mount = mountHolding(facts.mounts, directory);
  return (mount && judgeOfMount(mount)) ?? confiningModule(facts);
}

/** What a mount lets decide instead of the modes. */
export function judgeOfMount(mount: MountEntry): Judge | null {
  const { filesystem, mountPoint } = mount;
  const power = 'decides-alone';
  if (SERVERS.has(filesystem)) {
    return { by: 'server', power, why: `its file server decides, not the modes (${filesystem} at ${mountPoint})` };
  }
  if (filesystem.startsWith('fuse') || filesystem === 'virtiofs') {
    return { by: 'fuse', power, why: `a FUSE daemon decides, not the modes (${filesystem} at ${mountPoint})` };
  }
  if (MADE_FROM_OPTIONS.has(filesystem)) {
    const why = `its modes are made up from mount options (${filesystem} at ${mountPoint})`;
    return { by: 'mount-options', power, why };
  }
  if (shiftsOwners(mount)) return { by: 'idmapped-mount', power, why: `${mountPoint} is mounted with shifted owners` };
  return null;
}

function confiningModule(facts: Facts): Judge | null {
  const confinement = confinementOf(facts);
  if (!confinement) return null;
  const { module, label } = confinement;
  const name = { selinux: 'SELinux', apparmor: 'AppArmor', other: 'a security module' }[module];
  const confined = label === null ? '' : ` (${label})`;
  return { by: 'security-module', power: 'denies-more', why: `${name} confines the process${confined}` };
}
