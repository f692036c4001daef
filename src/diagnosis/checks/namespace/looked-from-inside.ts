import { mountHolding } from '../../access/kernel/mount-table.ts';
import type { Check } from '../check.ts';

/**
 * The probe ran in the registry's container. Its paths are not the host's, and nothing inside shows where they are on
 * the host, except the directory of its filesystem that each mount shows (proc_pid_mountinfo(5), "root").
 */
export const lookedFromInside: Check<'looked-from-inside'> = {
  id: 'looked-from-inside',
  look({ facts, root }) {
    const { enteredBy, mounts } = facts;
    if (enteredBy.length === 0 || !root) return [];
    const { path } = root.node;
    const held = mountHolding(mounts, path);
    const mount =
      held === null || held.root === null
        ? null
        : { mountPoint: held.mountPoint, source: held.source, directory: held.root };
    return [{ id: 'looked-from-inside', severity: 'info', proof: 'evaluated', path, enteredBy, mount }];
  },
};
