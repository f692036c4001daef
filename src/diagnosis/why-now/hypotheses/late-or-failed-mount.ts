import type { Evidence } from '../../../model/diagnosis/why-now.ts';
import { knownValue } from '../../../model/fact.ts';
import type { HostPath } from '../../../model/host/host-path.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { fstabEntriesOnPath, mountedAfterStart, mountPoints, mountUnits } from '../mount-facts.ts';

/**
 * Hypothesis: a mount on the path failed at the boot, or came after the registry's start. The registry checks the whole
 * path repeatedly, so a mount that came late would have fixed it, unless the process kept the mounts of its start or
 * gave up at its start.
 */
export const lateOrFailedMount: JudgeHypothesis = (context) => {
  if (context.fault === 'security') return null;
  const failed = failedMounts(context);
  if (failed.length > 0) return supported('strong', failed);
  const wanted = mountPointsExpectedOnPath(context);
  if (wanted === null) return undecided([], [evidence('fstab')]);
  if (wanted.length === 0) return null;
  const mounted = mountPoints(context);
  if (mounted === null) return undecided([], [evidence('mount-table')]);
  const notMounted = wanted.filter((path) => !mounted.has(path));
  if (notMounted.length > 0)
    return supported(
      'strong',
      notMounted.map((path) => evidence('fstab-not-mounted', { path })),
    );
  const late = mountedAfterStart(context);
  const stillFailing = wanted.map((path) => evidence('mounted-and-still-failing', { path }));
  if (healsByItself(context)) return refuted([...stillFailing, ...late]);
  if (late.length > 0) return supported('weak', late);
  return undecided(stillFailing, [
    evidence('mount-time'),
    ...(context.startedAt === null ? [evidence('process-start')] : []),
  ]);
};

function failedMounts(context: FaultContext): readonly Evidence[] {
  const { bootedAt, places, slack } = context;
  const mounted = mountPoints(context);
  const logged = eventsOf(context, 'mount-failed').filter(
    ({ at, path }) =>
      bootedAt !== null && at >= bootedAt - slack && path !== null && places.has(path) && !mounted?.has(path),
  );
  return [
    ...mountUnits(context)
      .filter(({ activeState, where }) => activeState === 'failed' && places.has(where))
      .map(({ where: path, unit, result }) => evidence('mount-failed', { path, text: `${unit}: ${result}` })),
    ...logged.slice(-2).map(({ at, path, text }) => evidence('mount-failed', { at, path, text })),
  ];
}

/** Mount points on the path that fstab mounts at the boot. Null: fstab is unknown. */
function mountPointsExpectedOnPath(context: FaultContext): readonly HostPath[] | null {
  const entries = fstabEntriesOnPath(context);
  return entries?.filter(({ options }) => !options.includes('noauto')).map(({ mountPoint }) => mountPoint) ?? null;
}

/** Whether the registry recovers on its own once a mount is there: it is running, and sees the host's own mounts. */
function healsByItself({ facts, fault }: FaultContext): boolean {
  return fault !== 'service' && knownValue(facts.process)?.mountNamespace === 'same';
}
