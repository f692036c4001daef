import type { Threat } from '../model/diagnosis/durability.ts';
import { plain } from './from-host.ts';

type NotPermanent = Extract<Threat, { id: 'mount-not-permanent' }>;

/** The line of fstab(5) that mounts at a boot what is mounted now; of a bind mount, DIRECTORY stands for the path of what it shows. */
export function fstabLine({ path: mountPoint, source, uuid, filesystem, options, bindOf }: NotPermanent): string {
  const place = fstabField(mountPoint);
  if (bindOf !== null) return `DIRECTORY ${place} none bind 0 0`;
  const name = fstabField(uuid === null ? source : `UUID=${uuid}`);
  // A server is there only with the network, and fsck has nothing to do with it (fstab(5), systemd.mount(5)).
  const isOfServer = source.startsWith('//') || /^[^/]+:\//.test(source);
  const all = ['defaults', ...(isOfServer ? ['_netdev'] : []), ...options].join(',');
  return [name, place, fstabField(filesystem), all, isOfServer ? '0 0' : '0 2'].join(' ');
}

/** fstab(5): space and tab as \040 and \011. */
function fstabField(text: string): string {
  return plain(text).replaceAll(' ', '\\040').replaceAll('\t', '\\011');
}
