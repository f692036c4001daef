import { evidence } from '../evidence.ts';
import { hasImages } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { fstabOnTheWay, mountPoints } from '../mount-facts.ts';

/** Names that the kernel assigns again at each boot, in the order of discovery. */
const GIVEN_ANEW = /^\/dev\/(sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d|mmcblk\d)/;

/** fstab(5) names the disk by such a name, and another disk has it now. */
export const deviceRenamed: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'not-there') return null;
  const entries = fstabOnTheWay(context);
  if (entries === null) return undecided([], [evidence('fstab')]);
  if (entries.length === 0) return null;
  const unstable = entries
    .filter(({ source }) => GIVEN_ANEW.test(source))
    .map(({ mountPoint: path, source: text }) => evidence('unstable-device-name', { path, text }));
  if (unstable.length === 0) {
    return refuted(entries.map(({ mountPoint: path, source: text }) => evidence('stable-device-name', { path, text })));
  }
  if (hasImages(context)) return refuted([...unstable, evidence('images-are-there')]);
  const mounted = mountPoints(context);
  const isGone = mounted !== null && unstable.some(({ path }) => path !== null && !mounted.has(path));
  return supported(isGone ? 'strong' : 'weak', unstable, [evidence('previous-boot-log')]);
};
