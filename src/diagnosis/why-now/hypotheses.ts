import type { Hypothesis, HypothesisId } from '../../model/diagnosis/why-now.ts';
import type { FaultContext } from './fault-context.ts';
import { bindMountReplaced } from './hypotheses/bind-mount-replaced.ts';
import { bootJobResets } from './hypotheses/boot-job-resets.ts';
import { brokenAllAlong } from './hypotheses/broken-all-along.ts';
import { containerKeptMounts } from './hypotheses/container-kept-mounts.ts';
import { deviceRenamed } from './hypotheses/device-renamed.ts';
import { filesystemRecovery } from './hypotheses/filesystem-recovery.ts';
import { identityChanged } from './hypotheses/identity-changed.ts';
import { lateOrFailedMount } from './hypotheses/late-or-failed-mount.ts';
import { modeChanged } from './hypotheses/mode-changed.ts';
import { mountedByHand } from './hypotheses/mounted-by-hand.ts';
import { pendingChange } from './hypotheses/pending-change.ts';
import { selinuxRelabel } from './hypotheses/selinux-relabel.ts';
import type { JudgeHypothesis } from './judged-hypothesis.ts';

/** Every hypothesis. Of two with equal evidence, the more frequent cause comes first. */
export const HYPOTHESES: readonly (readonly [HypothesisId, JudgeHypothesis])[] = [
  ['late-or-failed-mount', lateOrFailedMount],
  ['boot-job-resets', bootJobResets],
  ['mode-changed', modeChanged],
  ['bind-mount-replaced', bindMountReplaced],
  ['mounted-by-hand', mountedByHand],
  ['container-kept-mounts', containerKeptMounts],
  ['selinux-relabel', selinuxRelabel],
  ['identity-changed', identityChanged],
  ['pending-change', pendingChange],
  ['filesystem-recovery', filesystemRecovery],
  ['device-renamed', deviceRenamed],
  ['broken-all-along', brokenAllAlong],
];

/** The hypotheses that are related to this fault, ranked: supported ones by strength, then undecided, then refuted. */
export function rankedHypotheses(context: FaultContext): readonly Hypothesis[] {
  const judged = HYPOTHESES.flatMap(([id, judge]): Hypothesis[] => {
    const assessment = judge(context);
    return assessment === null ? [] : [{ id, ...assessment }];
  });
  return judged.toSorted((one, other) => rankOf(one) - rankOf(other));
}

/** The rank of a hypothesis. Of the undecided ones, those with some evidence come first. */
function rankOf({ standing, strength, evidence }: Hypothesis): number {
  if (standing === 'supported') return strength === 'strong' ? 0 : 1;
  if (standing === 'open') return evidence.length > 0 ? 2 : 3;
  return 4;
}
