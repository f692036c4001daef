import { z } from 'zod';
import { HostEventKind } from '../host/history.ts';
import { HostPath } from '../host/host-path.ts';
import { UnixSeconds } from '../host/posix.ts';

/**
 * How certain an entry's time is. `at-latest`: a ctime, which changes with any change of the file, so the event was
 * then or earlier.
 */
export const Certainty = z.enum(['recorded', 'at-latest', 'derived']);

export type Certainty = z.infer<typeof Certainty>;

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
export type TimelineKind = z.infer<typeof TimelineKind>;

/** One event of the timeline. `text` is the host's own text, or empty if kind and path say everything. */
export const TimelineEntry = z.strictObject({
  at: UnixSeconds,
  kind: TimelineKind,
  path: HostPath.nullable(),
  text: z.string().max(300),
  source: z.string().max(100),
  certainty: Certainty,
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** The hypotheses about why the fault shows only now. */
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

/**
 * The sentences of `words/` for evidence for and against a hypothesis, for missing evidence, and for doubts about
 * times.
 */
export const EvidenceId = z.enum([
  'attributes-changed-after-boot',
  'changed-after-boot',
  'attributes-changed-since-good-access',
  'changed-since-good-access',
  'changed-before-boot',
  'changed-before-good-access',
  'changed-after-fault',
  'made-after-boot',
  'footprint-hides-times',
  'mode-command',
  'mount-command',
  'account-changed',
  'package-changed',
  'reconfigured',
  'file-changed-since-old-start',
  'file-changed-since-previous-boot',
  'file-changed-after-fault',
  'files-older-than-old-start',
  'link-made-after-boot',
  'link-made-since-good-access',
  'link-older-than-good-access',
  'mount-not-in-fstab',
  'mounted-for-one-user',
  'was-mounted-before-boot',
  'mounted-by-fstab-before-boot',
  'fstab-not-mounted',
  'mount-failed',
  'mounted-after-service-start',
  'mounted-and-still-failing',
  'same-mount-namespace',
  'other-mount-namespace',
  'mount-of-host-unknown-to-process',
  'security-denial',
  'security-module-told',
  'security-module-off',
  'security-module-on',
  'boot-job-names-it',
  'boot-job-sets-otherwise',
  'no-boot-job-names-it',
  'repaired',
  'nothing-repaired',
  'checked-and-clean',
  'unstable-device-name',
  'stable-device-name',
  'images-are-there',
  'health-check-off',
  'nobody-used-it',
  'good-access-after-change',
  // Evidence that would decide and is missing.
  'boot-time',
  'last-good-access',
  'later-good-access',
  'who-changed-it',
  'change-time',
  'birth-time',
  'previous-boot-log',
  'old-start',
  'process-start',
  'file-times',
  'fstab',
  'mount-table',
  'mount-units',
  'mount-time',
  'process-namespace',
  'security-state',
  'security-log',
  'boot-jobs',
  'kernel-log',
  'earlier-change',
  'earlier-log',
  // Doubts about times.
  'clock-stepped',
  'clock-ahead',
  'boot-times-differ',
  'time-in-the-future',
  'process-before-boot',
  'fault-before-boot',
]);
export type EvidenceId = z.infer<typeof EvidenceId>;

/** One piece of evidence: the id of its sentence, with its data. */
export const Evidence = z.strictObject({
  id: EvidenceId,
  at: UnixSeconds.nullable(),
  path: HostPath.nullable(),
  text: z.string().max(300).nullable(),
});
export type Evidence = z.infer<typeof Evidence>;

export const Hypothesis = z.strictObject({
  id: HypothesisId,
  standing: z.enum(['supported', 'refuted', 'open']),
  /** The strength of a supported hypothesis: strong makes it likely, weak only possible. */
  strength: z.enum(['strong', 'weak']).nullable().default(null),
  evidence: z.array(Evidence).max(8),
  /** The evidence that would decide the hypothesis and could not be read. */
  missing: z.array(Evidence).max(8),
});
export type Hypothesis = z.infer<typeof Hypothesis>;

/**
 * The answer to "Why only now?", never more certain than its evidence. Supported hypotheses come first, then open, then
 * refuted ones.
 */
export const WhyNow = z.strictObject({
  timeline: z.array(TimelineEntry).max(64),
  hypotheses: z.array(Hypothesis).max(16),
  /** Contradictions between times, or in the clock itself, that limit what can be said about times. */
  doubts: z.array(Evidence).max(8).default([]),
});
export type WhyNow = z.infer<typeof WhyNow>;
