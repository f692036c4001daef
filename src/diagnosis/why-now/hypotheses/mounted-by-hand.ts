import type { Evidence } from '../../../model/diagnosis/why-now.ts';
import { knownValue } from '../../../model/fact.ts';
import type { MountEntry, MountSetup } from '../../../model/host/disk.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext, hasImages, isAfter } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { mountsOnPath } from '../mount-facts.ts';

/**
 * Hypothesis: before the boot the disk was mounted by hand, and what mounts it now (fstab(5), a unit, a desktop's
 * udisks) does so differently or not at all. A mount that none of these describes was made by hand. One that the
 * service manager made in the previous boot, from the same fstab, was not.
 */
export const mountedByHand: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'not-there' && context.fault !== 'read-only') return null;
  if (context.facts.view.kind === 'process') return null;
  const setup = knownValue(context.facts.mountSetup);
  const mounts = mountsOnPath(context);
  if (mounts === null) return undecided([], [evidence('mount-table')]);
  if (mounts.length === 0 && hasImages(context)) return null;
  const forOneUser = mounts.filter(({ mountPoint }) => /^\/(run\/)?media\//.test(mountPoint));
  if (forOneUser.length > 0) {
    return supported(
      'strong',
      forOneUser.map(({ mountPoint: path }) => evidence('mounted-for-one-user', { path })),
    );
  }
  const earlier = mountedBefore(context, mounts);
  const missing = missingOf(context, setup);
  if (earlier.length > 0) return supported('strong', earlier, missing);
  if (setup === null || setup.fstab.state === 'unknown' || setup.units.state === 'unknown')
    return undecided([], missing);
  const byHand = mounts.filter((mount) => !isSetUp(mount, setup));
  if (byHand.length > 0) return supported('weak', byHand.map(inNoFstab), missing);
  const proven = mounts.map((mount) => mountedByFstabBefore(context, mount));
  if (mounts.length > 0 && proven.every((one) => one !== null)) return refuted(proven);
  return undecided([], [evidence('previous-boot-log')]);
};

function isSetUp({ mountPoint }: MountEntry, { fstab, units }: MountSetup): boolean {
  const inFstab = (knownValue(fstab) ?? []).some((entry) => entry.mountPoint === mountPoint);
  return inFstab || (knownValue(units) ?? []).some(({ where, definedIn }) => where === mountPoint && definedIn !== '');
}

function inNoFstab({ mountPoint: path, source }: MountEntry): Evidence {
  return evidence('mount-not-in-fstab', { path, text: source });
}

/** What the log says was mounted on the path before the boot and is not mounted there now. */
function mountedBefore(context: FaultContext, mounts: readonly MountEntry[]): readonly Evidence[] {
  const { bootedAt } = context;
  if (bootedAt === null) return [];
  const mounted = new Set(mounts.map(({ mountPoint }) => mountPoint));
  return eventsOf(context, 'mount', 'mount-command')
    .filter(({ at }) => isAfter(context, bootedAt, at))
    .filter(
      ({ path, text }) => path !== null && context.places.has(path) && !mounted.has(path) && !/\bumount\b/.test(text),
    )
    .slice(-2)
    .map(({ at, path, text }) => evidence('was-mounted-before-boot', { at, path, text }));
}

function mountedByFstabBefore(context: FaultContext, { mountPoint }: MountEntry): Evidence | null {
  const { bootedAt, previousBoot, history } = context;
  if (bootedAt === null || previousBoot === null) return null;
  const fstab = history?.files.find(({ role }) => role === 'fstab');
  if (fstab === undefined || !isAfter(context, previousBoot, fstab.changedAt)) return null;
  const mounted = eventsOf(context, 'mount').find(
    ({ at, path }) => path === mountPoint && at >= previousBoot - context.slack && isAfter(context, bootedAt, at),
  );
  return mounted ? evidence('mounted-by-fstab-before-boot', { at: mounted.at, path: mountPoint }) : null;
}

function missingOf({ previousBoot }: FaultContext, setup: MountSetup | null): readonly Evidence[] {
  return [
    ...(setup === null || setup.fstab.state === 'unknown' ? [evidence('fstab')] : []),
    ...(setup === null || setup.units.state === 'unknown' ? [evidence('mount-units')] : []),
    ...(previousBoot === null ? [evidence('previous-boot-log')] : []),
  ];
}
