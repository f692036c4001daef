import type { Evidence } from '../../../model/diagnosis/why-now.ts';
import { knownValue } from '../../../model/fact.ts';
import type { ModeReset } from '../../../model/host/disk.ts';
import type { PresentNode } from '../../../model/host/facts.ts';
import { resolvePath } from '../../access/kernel/resolve-path.ts';
import { evidence } from '../evidence.ts';
import { type FaultContext, isAfter, unchangedSinceGoodAccess } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: something sets the directory's mode at each boot, such as a line of tmpfiles.d(5), an @reboot job or a
 * unit. It has to name the directory and set the mode that the directory has now, and the directory must have changed
 * since before the boot.
 */
export const bootJobResets: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied') return null;
  const setup = knownValue(context.facts.mountSetup);
  const resets = setup === null ? null : knownValue(setup.resets);
  if (resets === null || context.blockers.length === 0) return undecided([], [evidence('boot-jobs')]);
  const unchanged = unchangedSinceGoodAccess(context);
  if (unchanged.length > 0) {
    return refuted(unchanged.map(({ path, changedAt: at }) => evidence('changed-before-good-access', { at, path })));
  }
  const naming = resets.flatMap((reset) =>
    context.blockers.filter((blocker) => names(context, reset, blocker)).map((blocker) => ({ reset, blocker })),
  );
  if (naming.length === 0) return refuted([evidence('no-boot-job-names-it')]);
  const fitting = naming.filter(({ reset, blocker }) => fits(reset, blocker));
  if (fitting.length === 0) return refuted(naming.map(({ reset }) => jobEvidence('boot-job-sets-otherwise', reset)));
  const { bootedAt } = context;
  const jobs = fitting.map(({ reset }) => jobEvidence('boot-job-names-it', reset));
  if (bootedAt === null) return undecided(jobs, [evidence('boot-time')]);
  const changed = fitting.filter(({ blocker }) => !isAfter(context, bootedAt, blocker.changedAt));
  if (changed.length === 0) {
    const unchanged = fitting.map(({ blocker: { path, changedAt: at } }) =>
      evidence('changed-before-boot', { at, path }),
    );
    return refuted([...jobs, ...unchanged]);
  }
  const changes = changed.map(({ blocker: { path, changedAt: at } }) => evidence('changed-after-boot', { at, path }));
  return supported(changed.some(({ reset }) => reset.sets !== null) ? 'strong' : 'weak', [...jobs, ...changes]);
};

/** Whether the rule changes this directory. It can name it through a symlink. */
function names({ facts }: FaultContext, { path, recursive }: ModeReset, blocker: PresentNode): boolean {
  const { end } = resolvePath(facts.nodes, path);
  const place = end.kind === 'directory' ? end.root.path : path;
  return place === blocker.path || (recursive && blocker.path.startsWith(place === '/' ? place : `${place}/`));
}

/** Whether the rule sets what the directory has now. A rule that could not be interpreted might set anything. */
function fits({ sets }: ModeReset, { mode, owner, group, uid, gid }: PresentNode): boolean {
  if (sets === null) return true;
  if (sets.mode === null && sets.owner === null && sets.group === null) return false;
  return (
    (sets.mode === null || sets.mode === mode) &&
    (sets.owner === null || sets.owner === owner || sets.owner === String(uid)) &&
    (sets.group === null || sets.group === group || sets.group === String(gid))
  );
}

function jobEvidence(id: 'boot-job-names-it' | 'boot-job-sets-otherwise', { path, file, line }: ModeReset): Evidence {
  return evidence(id, { path, text: `${file}: ${line}` });
}
