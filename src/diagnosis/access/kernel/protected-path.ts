import type { HostPath } from '../../../model/host/host-path.ts';

type Protection = { readonly path: string; readonly covers: 'itself' | 'all-below'; readonly reason: string };

/**
 * Directories whose mode no plan changes (the layout of hier(7)). If one of them is closed, either the whole system is
 * damaged or it is on purpose, so a person has to decide. The guard on the host refuses the same ones.
 */
export const PROTECTED_PATHS: readonly Protection[] = [
  { path: '/', covers: 'itself', reason: 'the root of the whole system' },
  { path: '/bin', covers: 'all-below', reason: 'programs of the system' },
  { path: '/boot', covers: 'all-below', reason: 'kernel and boot loader' },
  { path: '/dev', covers: 'all-below', reason: 'devices' },
  { path: '/etc', covers: 'all-below', reason: 'settings of the system, with secrets among them' },
  { path: '/home', covers: 'itself', reason: 'the parent of every home' },
  { path: '/lib', covers: 'all-below', reason: 'libraries of the system' },
  { path: '/lib32', covers: 'all-below', reason: 'libraries of the system' },
  { path: '/lib64', covers: 'all-below', reason: 'libraries of the system' },
  { path: '/libx32', covers: 'all-below', reason: 'libraries of the system' },
  { path: '/proc', covers: 'all-below', reason: 'made by the kernel' },
  { path: '/root', covers: 'all-below', reason: "root's home, closed on purpose" },
  { path: '/run', covers: 'itself', reason: 'run-time data of every service' },
  { path: '/run/systemd', covers: 'all-below', reason: 'run-time data of the system’s own services' },
  { path: '/sbin', covers: 'all-below', reason: 'programs of the system' },
  { path: '/sys', covers: 'all-below', reason: 'made by the kernel' },
  { path: '/tmp', covers: 'itself', reason: 'shared by all, with a mode of its own' },
  { path: '/usr', covers: 'all-below', reason: 'programs and libraries of the system' },
  { path: '/var', covers: 'itself', reason: 'the parent of every service’s data' },
  { path: '/var/lib', covers: 'itself', reason: 'the parent of every service’s data' },
  { path: '/var/lib/registry-doctor', covers: 'all-below', reason: 'the record of what was done on this host' },
  { path: '/var/spool', covers: 'itself', reason: 'the parent of what every service has yet to do' },
  { path: '/var/spool/cron', covers: 'all-below', reason: 'commands that run by themselves' },
  { path: '/var/tmp', covers: 'itself', reason: 'shared by all, with a mode of its own' },
];

/** True if no plan can touch this physical path. */
export function isProtectedPath(path: HostPath): boolean {
  return PROTECTED_PATHS.some(
    (protection) =>
      path === protection.path || (protection.covers === 'all-below' && path.startsWith(`${protection.path}/`)),
  );
}
