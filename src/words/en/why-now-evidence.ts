import type { Evidence, EvidenceId } from '../../model/diagnosis/why-now.ts';
import { shownWords } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { duration } from './time.ts';

/** A piece of evidence, or what is missing of it, as a clause without a full stop. `bootedAt`: null where it is not known. */
export function evidenceClause(evidence: Evidence, bootedAt: number | null): Phrase {
  return CLAUSES[evidence.id](evidence, bootedAt);
}

/** A moment of the host's own clock. */
export function moment(at: number): Run {
  const date = new Date(at * 1000);
  if (Number.isNaN(date.getTime())) return { kind: 'text', text: 'a time that cannot be' };
  return { kind: 'time', at: date.toISOString(), precision: 'date-and-time' };
}

const MAX_PATH = 120;

/** A path of any length, by its end. */
export function shownPath(path: Evidence['path']): Run {
  if (path === null) return { kind: 'text', text: 'a directory' };
  const visible = visiblePath(path);
  return code(visible.length > MAX_PATH ? `…${visible.slice(-MAX_PATH)}` : visible);
}

type Clause = (evidence: Evidence, bootedAt: number | null) => Phrase;

const CLAUSES: Record<EvidenceId, Clause> = {
  'attributes-changed-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} had its mode, owner or ACL changed at ${when(of)}${sinceBoot(of, bootedAt)}`,
  'changed-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} last changed at ${when(of)}${sinceBoot(of, bootedAt)} (perhaps an entry of it came or went)`,
  'attributes-changed-since-good-access': (of) =>
    say`${shownPath(of.path)} had its mode, owner or ACL changed at ${when(of)}, after the last image that was served`,
  'changed-since-good-access': (of) =>
    say`${shownPath(of.path)} last changed at ${when(of)}, after the last image that was served (perhaps an entry of it came or went)`,
  'changed-before-boot': (of) =>
    of.at === null
      ? say`when ${shownPath(of.path)} last changed says nothing without the boot time`
      : say`${shownPath(of.path)} has not changed since ${when(of)}, before the boot`,
  'changed-before-good-access': (of) =>
    say`${shownPath(of.path)} has not changed since ${when(of)}, and an image was served after that`,
  'changed-after-fault': (of) => say`${shownPath(of.path)} was changed again at ${when(of)}, after the fault had begun`,
  'made-after-boot': (of, bootedAt) =>
    say`${shownPath(of.path)} was created after the boot; last changed at ${when(of)}${sinceBoot(of, bootedAt)}`,
  'footprint-hides-times': (of) =>
    say`someone made ${shownPath(of.path)} world-writable, so change times at and below it show only that`,
  'mode-command': (of) => say`the log says that at ${when(of)} this was run: ${words(of)}`,
  'mount-command': (of) => say`the log says that at ${when(of)} this was run: ${words(of)}`,
  'account-changed': (of) => say`the log says at ${when(of)}: ${words(of)}`,
  'package-changed': (of) => say`the package log says at ${when(of)}: ${words(of)}`,
  reconfigured: (of) => say`${code('gitlab-ctl reconfigure')} ran at ${when(of)}`,
  'file-changed-since-old-start': (of) =>
    say`${shownPath(of.path)} last changed at ${when(of)}, after the registry’s start before the boot`,
  'file-changed-since-previous-boot': (of) =>
    say`${shownPath(of.path)} last changed at ${when(of)}, after the boot before`,
  'file-changed-after-fault': (of) => say`${shownPath(of.path)} was changed at ${when(of)}, after the fault had begun`,
  'files-older-than-old-start': (of) =>
    say`${shownPath(of.path)} has not changed since ${when(of)}, before the old process started`,
  'link-made-after-boot': (of, bootedAt) =>
    say`the link ${shownPath(of.path)} was made at ${when(of)}${sinceBoot(of, bootedAt)}`,
  'link-made-since-good-access': (of) =>
    say`the link ${shownPath(of.path)} was made at ${when(of)}, after the last image that was served`,
  'link-older-than-good-access': (of) =>
    say`the link ${shownPath(of.path)} was there by ${when(of)}, and an image was served after that`,
  'mount-not-in-fstab': (of) =>
    say`${words(of)} is mounted at ${shownPath(of.path)}, and neither fstab nor a unit says so`,
  'mounted-for-one-user': (of) => say`${shownPath(of.path)} is where a desktop mounts a disk, for one user alone`,
  'was-mounted-before-boot': (of) =>
    say`the log of before the boot has ${shownPath(of.path)} mounted (${words(of)}), and nothing is mounted there now`,
  'mounted-by-fstab-before-boot': (of) =>
    say`${shownPath(of.path)} was mounted by the system in the boot before as well, by an fstab that has not changed since`,
  'fstab-not-mounted': (of) => say`fstab wants a disk at ${shownPath(of.path)}, and none is mounted there`,
  'mount-failed': (of) => say`mounting ${shownPath(of.path)} failed${at(of)}: ${words(of)}`,
  'mounted-after-service-start': (of) =>
    say`${shownPath(of.path)} was mounted at ${when(of)}, after the registry had started`,
  'mounted-and-still-failing': (of) => say`${shownPath(of.path)} is mounted now, but the registry still fails`,
  'same-mount-namespace': () => say`the registry sees the host’s own mounts`,
  'other-mount-namespace': () => say`the registry has mounts of its own`,
  'mount-of-host-unknown-to-process': (of) =>
    say`the host has ${words(of)} mounted at ${shownPath(of.path)}, and the registry’s process does not see it`,
  'security-denial': (of) => say`the log says at ${when(of)}: ${words(of)}`,
  'security-module-told': () => say`a security module is what denies now`,
  'security-module-off': (of) => say`SELinux is ${of.text === 'absent' ? 'not in use' : words(of)}`,
  'security-module-on': (of) => say`${words(of)} applies to the registry, and no denial of it is in the log`,
  'boot-job-names-it': (of) => say`${words(of)} sets what ${shownPath(of.path)} has now`,
  'boot-job-sets-otherwise': (of) => say`${words(of)} would have set another mode or owner than there is`,
  'no-boot-job-names-it': () => say`no tmpfiles line, boot job or unit names one of these directories`,
  repaired: (of) => say`the log says at ${when(of)}: ${words(of)}`,
  'nothing-repaired': () => say`the kernel’s log of this boot tells of no repair`,
  'checked-and-clean': (of) => say`checked at ${when(of)} and clean: ${words(of)}`,
  'unstable-device-name': (of) =>
    say`fstab has ${words(of)} for ${shownPath(of.path)}, a name that the kernel assigns again at each boot`,
  'stable-device-name': (of) =>
    say`fstab has ${words(of)} for ${shownPath(of.path)}, which does not depend on the order of disks`,
  'images-are-there': () => say`images lie under the storage root, so that it is the right disk`,
  'health-check-off': () => say`the registry’s own storage check is off`,
  'nobody-used-it': (of) => say`the registry’s log, from ${when(of)} on, has no request that went well`,
  'good-access-after-change': (of) => say`an image was served at ${when(of)}, so that the storage worked then`,
  'boot-time': () => say`when the host was started`,
  'last-good-access': (of) =>
    of.at === null ? say`when an image was last served` : say`an image was last served at ${when(of)}`,
  'later-good-access': () => say`whether an image was served after the last change`,
  'who-changed-it': () => say`who changed it, and how (nothing in the logs)`,
  'change-time': () => say`when the entries that deny were last changed`,
  'birth-time': (of) => say`when ${shownPath(of.path)} was made (its filesystem does not tell)`,
  'previous-boot-log': () => say`the log of the boot before`,
  'old-start': () => say`when the registry had started before the boot`,
  'process-start': () => say`when the registry’s process started`,
  'file-times': () => say`when the files that decide it were last changed`,
  fstab: () => say`what fstab says`,
  'mount-table': () => say`which disk is mounted there`,
  'mount-units': () => say`what the system’s mount units say`,
  'mount-time': () => say`when the disk was mounted`,
  'process-namespace': () => say`whether the registry sees the host’s own mounts`,
  'security-state': () => say`whether SELinux or AppArmor is on`,
  'security-log': () => say`a denial of the registry in the log`,
  'boot-jobs': () => say`which boot jobs set modes there`,
  'kernel-log': () => say`the kernel’s log of this boot`,
  'earlier-change': () => say`whether it had changed before that as well (a later change hides it)`,
  'earlier-log': () => say`when the bad answers began (the registry’s log begins with them)`,
  'clock-stepped': (of) => say`the clock was set at ${when(of)}: ${words(of)}`,
  'clock-ahead': (of) => say`the host’s clock is ${offBy(of)}`,
  'boot-times-differ': (of) =>
    say`the log (${words(of)}) has the latest boot at ${when(of)}, and the kernel counts another time: the clock was set since, or that was an earlier boot`,
  'time-in-the-future': (of) => say`${shownPath(of.path)} bears a change time that is still to come: ${when(of)}`,
  'process-before-boot': (of) => say`the registry’s process seems to have started at ${when(of)}, before the boot`,
  'fault-before-boot': (of) =>
    say`the registry’s bad answers began at ${when(of)}, before the boot: then the reboot itself did not bring the fault`,
};

function when({ at: seconds }: Evidence): Run {
  return seconds === null ? { kind: 'text', text: 'a time that is not known' } : moment(seconds);
}

function at(of: Evidence): Phrase {
  return of.at === null ? [] : say` at ${when(of)}`;
}

function words({ text }: Evidence): Run {
  return shownWords(text ?? '?');
}

function sinceBoot({ at: seconds }: Evidence, bootedAt: number | null): string {
  if (seconds === null || bootedAt === null) return ', after the boot';
  if (seconds < bootedAt) return ', about when the host was started';
  return `, ${duration((seconds - bootedAt) * 1000)} after the boot`;
}

function offBy({ text }: Evidence): string {
  const seconds = Number.parseInt(text ?? '', 10);
  if (Number.isNaN(seconds)) return 'not that of the bot';
  return `${grouped(Math.abs(seconds))} s ${seconds < 0 ? 'behind' : 'ahead'}`;
}
