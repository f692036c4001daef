import { knownValue } from '../../../model/fact.ts';
import type { HostEvent } from '../../../model/host/history.ts';
import { evidence } from '../evidence.ts';
import { eventsOf, type FaultContext } from '../fault-context.ts';
import { type JudgeHypothesis, refuted, supported, undecided } from '../judged-hypothesis.ts';

/**
 * Hypothesis: at the boot the filesystem was repaired or its journal replayed, or an error made it read-only. Data that
 * had not reached the disk when the power failed, perhaps a mode, is lost.
 */
export const filesystemRecovery: JudgeHypothesis = (context) => {
  if (context.fault === 'security' || context.fault === 'no-room' || context.fault === 'service') return null;
  const { bootedAt, slack } = context;
  if (bootedAt === null) return undecided([], [evidence('boot-time')]);
  const sinceBoot = ({ at }: HostEvent) => at >= bootedAt - slack;
  const repairs = eventsOf(context, 'fsck', 'filesystem-error', 'remounted-read-only').filter(sinceBoot);
  const ours = repairs.filter(({ text }) => isOnOurDisk(context, text) !== 'no');
  const told = ours.slice(-3).map(({ at, text }) => evidence('repaired', { at, text }));
  if (ours.some(({ text }) => isOnOurDisk(context, text) === 'yes')) {
    const isCause = ours.some(({ kind }) => kind === 'remounted-read-only' && context.fault === 'read-only');
    return supported(isCause ? 'strong' : 'weak', told);
  }
  if (told.length > 0) return undecided(told, [evidence('mount-table')]);
  const clean = eventsOf(context, 'fsck-clean').filter(sinceBoot);
  if (clean.length > 0)
    return refuted(clean.slice(-2).map(({ at, text }) => evidence('checked-and-clean', { at, text })));
  if (kernelLogReachesBoot(context, bootedAt)) return refuted([evidence('nothing-repaired')]);
  return undecided([], [evidence('kernel-log')]);
};

/**
 * Whether a kernel message is about the storage's disk, by the device that it names. A name such as /dev/mapper/data
 * can't be compared with dm-0.
 */
function isOnOurDisk({ facts }: FaultContext, text: string): 'yes' | 'no' | 'unknown' {
  const [, device] =
    /\(([a-z]+[a-z0-9-]*)\)|\/dev\/([a-z]+[a-z0-9-]*)|\bdev ([a-z]+[a-z0-9-]*)/
      .exec(text)
      ?.filter((group) => group !== undefined) ?? [];
  const mounts = knownValue(facts.mounts);
  if (device === undefined || mounts === null) return 'unknown';
  const sources = mounts.map(({ source }) => source);
  if (sources.includes(`/dev/${device}`)) return 'yes';
  return device.startsWith('dm-') || sources.some((source) => source.startsWith('/dev/mapper/')) ? 'unknown' : 'no';
}

/** Whether a log has the kernel's messages of this boot from its beginning. */
function kernelLogReachesBoot(context: FaultContext, bootedAt: number): boolean {
  return eventsOf(context, 'boot').some(
    ({ at, source }) => source !== 'wtmp' && Math.abs(at - bootedAt) <= 2 * context.slack,
  );
}
