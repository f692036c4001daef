import type { HostPath } from '../../model/host-path.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { directoryMode, lacking } from './access.ts';
import {
  type Around,
  type FindingOf,
  type FindingWords,
  identity,
  path,
  plain,
  quoted,
  subject,
  subjectAtStart,
} from './finding-words.ts';
import { likelyWords } from './likely-reasons.ts';
import { noChmodWords, plannedWords } from './mode-remedies.ts';
import { shellQuote } from './shell-quote.ts';

type StorageFinding = FindingOf<
  | 'untraversable-ancestor'
  | 'dangling-link'
  | 'storage-root-missing'
  | 'not-a-directory'
  | 'symlink-loop'
  | 'storage-root-unusable'
  | 'readonly-mount'
  | 'access-disagreement'
  | 'path-not-visible'
  | 'access-not-judged'
>;

/** Words for what is wrong with the storage path, or could not be judged on it. */
export function storageWords(finding: StorageFinding, around: Around): FindingWords {
  switch (finding.id) {
    case 'untraversable-ancestor':
      return untraversableAncestor(finding, around);
    case 'storage-root-unusable':
      return storageRootUnusable(finding, around);
    case 'dangling-link':
      return danglingLink(finding);
    case 'storage-root-missing':
      return storageRootMissing(finding);
    case 'not-a-directory':
      return notADirectory(finding);
    case 'symlink-loop':
      return symlinkLoop(finding);
    case 'readonly-mount':
      return readonlyMount(finding);
    case 'access-disagreement':
      return accessDisagreement(finding, around);
    case 'path-not-visible':
      return pathNotVisible(finding, around);
    case 'access-not-judged':
      return accessNotJudged(finding, around);
  }
}

function untraversableAncestor(finding: FindingOf<'untraversable-ancestor'>, around: Around): FindingWords {
  const { throughLink: link } = finding;
  const way = link ? say` The storage path goes through the symlink ${path(link.path)} → ${quoted(link.target)}.` : [];
  return {
    title: say`${subjectAtStart(around.service)} can’t pass through ${path(finding.path)}`,
    because: say`${identity(around.service)} has no execute (x) permission here: ${why(finding, 'x')}. ${ownership(finding)}${way}`,
    remedy: finding.noChmod ? noChmodWords(finding.noChmod, finding, around) : plannedWords(finding, around, 'x'),
  };
}

const USES = { search: 'enter', list: 'list', create: 'create files in' } as const;
const LETTERS = { search: 'x', list: 'r', create: 'wx' } as const;
const SHIFT = { owner: 6, group: 3, other: 0 } as const;

function storageRootUnusable(finding: FindingOf<'storage-root-unusable'>, around: Around): FindingWords {
  const uses = joined(
    finding.lacking.map((use) => say`${USES[use]}`),
    'and',
  );
  const lacks = lettersLacking(finding);
  return {
    title: say`${subjectAtStart(around.service)} can reach its storage ${path(finding.path)} but can’t ${uses} it`,
    because: say`${identity(around.service)} is missing ${lacks}: ${why(finding, lacks)}. ${ownership(finding)} The registry’s health check only tests that the storage root exists, so it can still pass.`,
    remedy: finding.noChmod ? noChmodWords(finding.noChmod, finding, around) : plannedWords(finding, around, lacks),
  };
}

/** What the denied uses need and the deciding class does not have; of an ACL entry, only what they need is known. */
function lettersLacking({ lacking: uses, mode, decidedBy }: FindingOf<'storage-root-unusable'>): string {
  const shift = decidedBy === 'named-user' || decidedBy === 'named-group' ? null : SHIFT[decidedBy];
  const held = shift === null ? 0 : (Number.parseInt(mode, 8) >> shift) & 7;
  const needed = (['r', 'w', 'x'] as const).filter((letter) => uses.some((use) => LETTERS[use].includes(letter)));
  return needed.filter((letter) => (held & { r: 4, w: 2, x: 1 }[letter]) === 0).join('');
}

function why({ decidedBy, group }: Pick<FindingOf<'untraversable-ancestor'>, 'decidedBy' | 'group'>, letters: string) {
  return lacking(decidedBy, group, letters);
}

function ownership({
  mode,
  owner,
  group,
}: Pick<FindingOf<'untraversable-ancestor'>, 'mode' | 'owner' | 'group'>): Phrase {
  return say`The directory is ${code(directoryMode(mode))} (${mode}), owner and group ${quoted(`${owner}:${group}`)}.`;
}

const MOUNT_FIRST =
  'Most often a disk is not mounted, or another one is. Compare what is mounted (findmnt) with /etc/fstab, mount what is missing, then diagnose again. Do not create the directory by hand: new images would land on the wrong disk, and the old ones would stay out of sight.';
const GREEN_ALL_THE_SAME =
  "The registry's health check takes a missing directory for healthy: login works, the image lists are empty, and each push fails.";

function danglingLink({ path: link, target, missing }: FindingOf<'dangling-link'>): FindingWords {
  return {
    title: say`The symlink ${path(link)} on the storage path is broken`,
    because: say`It points to ${quoted(target)}, and ${path(missing)} does not exist. ${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function storageRootMissing({ path: missing }: FindingOf<'storage-root-missing'>): FindingWords {
  return {
    title: say`${path(missing)} on the storage path does not exist`,
    because: say`The registry's config names a path that needs it. ${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function notADirectory({ path: place }: FindingOf<'not-a-directory'>): FindingWords {
  return {
    title: say`${path(place)} on the storage path is not a directory`,
    because: say`The storage path needs a directory there, and something else is in its place.`,
    remedy: say`Find out what put it there (its owner and its date say more), and put the directory back. I propose no change for this.`,
  };
}

function symlinkLoop({ path: link }: FindingOf<'symlink-loop'>): FindingWords {
  return {
    title: say`The storage path runs through too many symlinks`,
    because: say`Linux follows 40 symlinks and gives up at the next one (“too many levels of symbolic links”); here that is ${path(link)}. Mostly some of them point at each other.`,
    remedy: say`Look where ${path(link)} points, and point it at the real directory. I propose no change for this.`,
  };
}

function readonlyMount({ path: root, mountPoint, setUp }: FindingOf<'readonly-mount'>): FindingWords {
  return {
    title: say`The storage is on a filesystem that is mounted read-only`,
    because: say`${path(root)} is on ${path(mountPoint)}, which takes no writes: each push fails.${SET_UP[setUp ?? 'unknown']} The registry's health check only reads, so it can be green all the same.`,
    remedy: say`${readonlyRemedy(mountPoint, setUp)} No change of modes helps.`,
  };
}

function readonlyRemedy(mountPoint: HostPath, setUp: FindingOf<'readonly-mount'>['setUp']): Phrase {
  switch (setUp) {
    case 'read-only':
      return say`Find out why it is set up so (a migration, a snapshot, a disk on its way out). Where it should take writes, take ${code('ro')} out of its line in /etc/fstab and mount it anew: ${code(`mount -o remount,rw ${shellQuote(mountPoint)}`)}.`;
    case 'for-process-alone':
      return say`Give it to the registry writable and start that again: a systemd unit names it in ${code('ReadWritePaths=')} (${code('ProtectSystem=')} makes all else read-only), a container has its volume without ${code(':ro')}.`;
    default:
      return say`Look into the kernel's log first (${code('journalctl -k')}): a filesystem goes read-only by itself to protect a failing disk. Check the disk and run fsck, then mount it writable again.`;
  }
}

const SET_UP = {
  writable: ' /etc/fstab has it writable, so it went read-only by itself, or somebody made it so since the boot.',
  'read-only': ' /etc/fstab has it so.',
  'for-process-alone': " The host itself has the directory writable: only the registry's own mounts make it so.",
  unknown: '',
} as const;

const OPERATIONS = {
  search: 'pass through it',
  stat: 'reach it',
  list: 'list it',
  create: 'create files in it',
} as const;

function accessDisagreement(finding: FindingOf<'access-disagreement'>, { service, host }: Around): FindingWords {
  const { evaluated, tried, operation, likely } = finding;
  return {
    title: say`At ${path(finding.path)} the modes say one thing and the kernel another`,
    because: say`By its modes and ACL ${subject(service)} is ${evaluated} to ${OPERATIONS[operation]}. Really tried on ${host}, it is ${tried}. So neither is proven.`,
    remedy: say`${likelyWords(likely, tried)} I propose no change on unproven ground. Diagnose again, and look there if it stays so.`,
  };
}

function pathNotVisible({ path: place, why: reason }: FindingOf<'path-not-visible'>, { host }: Around): FindingWords {
  return {
    title: say`I could not look at ${path(place)}`,
    because: say`${plain(reason)}. What lies there and behind it is unknown, not fine.`,
    remedy: say`Let the login on ${host} run the probe through sudo, then diagnose again: ${code(`registry-doctor host setup ${host}`)} prints what to install.`,
  };
}

function accessNotJudged(finding: FindingOf<'access-not-judged'>, { service, host }: Around): FindingWords {
  return {
    title: say`Whether ${subject(service)} may use ${path(finding.path)} is not known`,
    because: say`It could not be judged: ${plain(finding.why)}.`,
    remedy: say`With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install) and the packages acl and util-linux on ${host}, I can really try it as the registry's user.`,
  };
}
