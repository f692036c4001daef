import type { Threat } from '../model/diagnosis/durability.ts';
import { plain } from './from-host.ts';

type NotPermanent = Extract<Threat, { id: 'mount-not-permanent' }>;

/**
 * The line of fstab(5) that mounts at a boot what is mounted now; of a bind mount, DIRECTORY stands for the path of what it shows.
 * Null: such a filesystem needs options of its own (overlay, FUSE), without which the line could stop a boot.
 */
export function fstabLine(threat: NotPermanent): string | null {
  const { path: mountPoint, source, uuid, filesystem, options, bindOf } = threat;
  const place = fstabField(mountPoint);
  if (bindOf !== null) return `DIRECTORY ${place} none bind 0 0`;
  const name = fstabField(uuid === null ? source : `UUID=${uuid}`);
  // A server is there only with the network, and fsck has nothing to do with it (fstab(5), systemd.mount(5)).
  const isOfServer = isServer(source);
  if (!isOfServer && !isDisk(threat)) return null;
  if (NEEDS_OPTIONS.test(filesystem)) return null;
  const all = ['defaults', ...(isOfServer ? ['_netdev'] : []), ...options].join(',');
  return [name, place, fstabField(filesystem), all, isOfServer ? '0 0' : '0 2'].join(' ');
}

/** `//server/share` and `server:/path`. */
function isServer(source: string): boolean {
  return source.startsWith('//') || /^[^/]+:\//.test(source);
}

function isDisk({ source, uuid }: NotPermanent): boolean {
  return uuid !== null || source.startsWith('/dev/');
}

/** They need options, or a program, that the mount table does not name. fuseblk is a disk's. */
const NEEDS_OPTIONS = /^(?:fuse(?!blk$)|overlay$|ceph$|9p$)/;

/** fstab(5): space and tab as \040 and \011. */
function fstabField(text: string): string {
  return plain(text).replaceAll(' ', '\\040').replaceAll('\t', '\\011');
}
