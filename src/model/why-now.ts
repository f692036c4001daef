import { z } from 'zod';
import { HostEventKind } from './history.ts';
import { HostPath } from './host-path.ts';
import { UnixSeconds } from './posix.ts';

/** How sure the time of an entry is. `at-latest`: a ctime moves with any change of the inode, so it bounds and proves nothing more. */
export const Certainty = z.enum(['recorded', 'at-latest', 'derived']);

export const TimelineKind = z.enum([
  ...HostEventKind.options,
  'taken',
  'first-bad-answer',
  'last-good-storage-answer',
  'inode-changed',
  'inode-born',
  'link-born',
  'process-started',
]);

/** One line of the story, oldest first. `text` is the host's own words, or empty where the kind and the path say all. */
export const TimelineEntry = z.strictObject({
  at: UnixSeconds,
  kind: TimelineKind,
  path: HostPath.nullable(),
  text: z.string().max(300),
  source: z.string().max(100),
  certainty: Certainty,
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** Why the fault shows only now. */
export const HypothesisId = z.enum([
  'mode-changed',
  'mounted-by-hand',
  'bind-mount-replaced',
  'late-or-failed-mount',
  'identity-changed',
  'container-kept-mounts',
  'selinux-relabel',
  'pending-change',
  'boot-job-resets',
  'filesystem-recovery',
  'device-renamed',
  'broken-all-along',
]);
export type HypothesisId = z.infer<typeof HypothesisId>;

/** One piece of evidence: the id of a sentence in the words, with what it is made from. */
export const Evidence = z.strictObject({
  id: z.string().max(60),
  at: UnixSeconds.nullable(),
  path: HostPath.nullable(),
  text: z.string().max(300).nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Hypothesis = z.strictObject({
  id: HypothesisId,
  standing: z.enum(['supported', 'refuted', 'open']),
  evidence: z.array(Evidence).max(8),
  /** What would decide it, and was not to be had. */
  missing: z.array(Evidence).max(8),
});
export type Hypothesis = z.infer<typeof Hypothesis>;

/** The answer to "why only now?": never more certain than its evidence. Supported first, then open, then refuted. */
export const WhyNow = z.strictObject({
  timeline: z.array(TimelineEntry).max(64),
  hypotheses: z.array(Hypothesis).max(16),
});
export type WhyNow = z.infer<typeof WhyNow>;
