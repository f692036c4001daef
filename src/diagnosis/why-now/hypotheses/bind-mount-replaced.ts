import { knownValue } from '../../../model/fact.ts';
import type { PresentNode } from '../../../model/host/facts.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext, isAfter } from '../fault-context.ts';
import { type Assessment, type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: until the boot, a bind mount was where a symlink is now. The bind mount avoided the directories above its
 * source, and the symlink leads through them. A symlink that is older than the last good access was there while
 * everything worked, which excludes this. Its ctime is the latest time at which it can have been made.
 */
export const bindMountReplaced: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'not-there') return null;
  const links = context.way.filter(({ kind }) => kind === 'symlink');
  if (links.length === 0) return null;
  const judged = links.map((link) => judgeLink(context, link));
  const found = judged.filter(({ standing }) => standing === 'supported');
  const [strongest] = found.toSorted(({ strength }) => (strength === 'strong' ? -1 : 1));
  if (strongest) return strongest;
  if (judged.every(({ standing }) => standing === 'refuted')) return refuted(judged.flatMap((one) => one.evidence));
  return judged.find(({ standing }) => standing === 'open') ?? null;
};

function judgeLink(context: FaultContext, { path, bornAt, changedAt }: PresentNode): Assessment {
  const { bootedAt, lastGood, slack } = context;
  const born = knownValue(bornAt);
  const binds = eventsOf(context, 'mount-command')
    .filter(({ text, path: named }) => named === path && /-bind\b|\bbind\b/.test(text))
    .map(({ at, text }) => evidence('mount-command', { at, path, text }));
  const bornAtLatest = born ?? changedAt;
  if (lastGood !== null && isAfter(context, lastGood, bornAtLatest)) {
    return refuted([evidence('link-older-than-good-access', { at: bornAtLatest, path })]);
  }
  if (born !== null && bootedAt !== null && born >= bootedAt - slack) {
    return supported(binds.length > 0 ? 'strong' : 'weak', [
      evidence('link-made-after-boot', { at: born, path }),
      ...binds,
    ]);
  }
  if (born !== null && lastGood !== null) {
    return supported('weak', [evidence('link-made-since-good-access', { at: born, path }), ...binds]);
  }
  if (binds.length > 0) return supported('weak', binds, [evidence('birth-time', { path })]);
  return undecided(
    [],
    [
      ...(born === null ? [evidence('birth-time', { path })] : []),
      ...(bootedAt === null ? [evidence('boot-time')] : []),
      ...(lastGood === null ? [evidence('last-good-access')] : []),
    ],
  );
}
