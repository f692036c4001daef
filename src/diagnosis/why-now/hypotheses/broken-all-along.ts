import { knownValue } from '../../../model/fact.ts';
import { evidence } from '../evidence.ts';
import { type FaultContext, isAfter, unchangedSinceGoodAccess } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: the registry was already broken before the boot, and no one noticed, because its health check is off or
 * nothing was pulled or pushed. This is excluded if a manifest or blob was served after the last change of a directory
 * that now denies access. An answer of 200 from `/v2/` does not exclude it, because that needs no image.
 */
export const brokenAllAlong: JudgeHypothesis = (context) => {
  const { lastGood, bootedAt } = context;
  if (lastGood !== null && wasWellSinceChange(context, lastGood)) {
    return refuted([evidence('good-access-after-change', { at: lastGood })]);
  }
  const unseen = whyUnnoticed(context);
  const missing = [
    evidence(lastGood === null ? 'last-good-access' : 'later-good-access'),
    ...(bootedAt === null ? [evidence('boot-time')] : []),
  ];
  if (bootedAt === null || unseen.length === 0 || context.fault === 'service') return undecided(unseen, missing);
  const later = context.blockers.filter(({ changedAt }) => changedAt >= bootedAt - context.slack);
  if (later.length > 0) {
    const changed = later.map(({ path, changedAt: at }) => evidence('changed-after-boot', { at, path }));
    return undecided([...unseen, ...changed], [evidence('earlier-change'), ...missing]);
  }
  return supported('weak', unseen, missing);
};

/**
 * Whether an access succeeded after the change. If no directory denies access, that access has to be from between the
 * two boots.
 */
function wasWellSinceChange(context: FaultContext, lastGood: number): boolean {
  const { previousBoot, fault } = context;
  if (fault === 'denied') return unchangedSinceGoodAccess(context).length > 0;
  return previousBoot !== null && isAfter(context, lastGood, previousBoot);
}

function whyUnnoticed({ facts, lastGood, bootedAt }: FaultContext) {
  const config = knownValue(facts.config);
  const logs = knownValue(facts.logs);
  const reachesBack = logs !== null && logs.from !== null && bootedAt !== null && logs.from < bootedAt;
  const nobody = reachesBack && lastGood === null && logs.lastGood === null;
  return [
    ...(config !== null && !config.storageHealthCheck ? [evidence('health-check-off')] : []),
    ...(nobody ? [evidence('nobody-used-it', { at: logs.from })] : []),
  ];
}
