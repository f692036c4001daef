import type { Evidence } from '../../model/diagnosis/why-now.ts';
import { knownValue } from '../../model/fact.ts';
import type { FstabEntry, MountEntry, MountUnit } from '../../model/host/disk.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { mountHolding } from '../access/kernel/mount-table.ts';
import { evidence } from './evidence.ts';
import { type FaultContext, isAfter } from './fault-context.ts';

/** The systemd mount units of the host. Empty if they are unknown. */
export function mountUnits({ facts }: FaultContext): readonly MountUnit[] {
  return knownValue(knownValue(facts.mountSetup)?.units) ?? [];
}

/** The fstab lines for mount points on the path, except that of `/`. Null: fstab is unknown. */
export function fstabEntriesOnPath({ facts, places }: FaultContext): readonly FstabEntry[] | null {
  const setup = knownValue(facts.mountSetup);
  if (setup === null || setup.fstab.state === 'unknown') return null;
  return (knownValue(setup.fstab) ?? []).filter(({ mountPoint }) => mountPoint !== '/' && places.has(mountPoint));
}

/** The mount points in the mount table. Null: it is unknown. */
export function mountPoints({ facts }: FaultContext): ReadonlySet<HostPath> | null {
  const mounts = knownValue(facts.mounts);
  return mounts === null ? null : new Set(mounts.map(({ mountPoint }) => mountPoint));
}

/** Mount units on the path that became active after the registry's process started. */
export function mountedAfterStart(context: FaultContext): readonly Evidence[] {
  const { startedAt, places } = context;
  if (startedAt === null) return [];
  return mountUnits(context).flatMap(({ where: path, activeSince }) => {
    const at = knownValue(activeSince);
    const isLater = at !== null && isAfter(context, at, startedAt) && places.has(path);
    return isLater ? [evidence('mounted-after-service-start', { at, path })] : [];
  });
}

/** The mounts that hold the path, except that of `/`. Null: the mount table is unknown. */
export function mountsOnPath({ facts, way }: FaultContext): readonly MountEntry[] | null {
  if (facts.mounts.state !== 'known') return null;
  const holding = way.flatMap(({ path }) => mountHolding(facts.mounts, path) ?? []);
  return [...new Set(holding)].filter(({ mountPoint }) => mountPoint !== '/');
}
