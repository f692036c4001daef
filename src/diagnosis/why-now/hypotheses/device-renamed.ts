import { evidence } from '../evidence.ts';
import { hasImages } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';
import { fstabEntriesOnPath, mountPoints } from '../mount-facts.ts';

/** Device names that the kernel assigns at each boot, in the order in which it finds the disks. */
const UNSTABLE_DEVICE_NAME = /^\/dev\/(sd[a-z]|hd[a-z]|vd[a-z]|xvd[a-z]|nvme\d|mmcblk\d)/;

/** Hypothesis: /etc/fstab names the disk by a device name that isn't stable, and another disk has that name now. */
export const deviceRenamed: JudgeHypothesis = (context) => {
  if (context.fault !== 'denied' && context.fault !== 'not-there') return null;
  const entries = fstabEntriesOnPath(context);
  if (entries === null) return undecided([], [evidence('fstab')]);
  if (entries.length === 0) return null;
  const unstable = entries
    .filter(({ source }) => UNSTABLE_DEVICE_NAME.test(source))
    .map(({ mountPoint: path, source: text }) => evidence('unstable-device-name', { path, text }));
  if (unstable.length === 0) {
    return refuted(entries.map(({ mountPoint: path, source: text }) => evidence('stable-device-name', { path, text })));
  }
  if (hasImages(context)) return refuted([...unstable, evidence('images-are-there')]);
  const mounted = mountPoints(context);
  const isNotMounted = mounted !== null && unstable.some(({ path }) => path !== null && !mounted.has(path));
  return supported(isNotMounted ? 'strong' : 'weak', unstable, [evidence('previous-boot-log')]);
};
