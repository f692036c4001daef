import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { directoryMode } from '../mode.ts';
import { capitalised, code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { lacking } from './access.ts';
import { CANNOT_REACH, identity, subject, subjectAtStart } from './finding-words.ts';
import { likelyWords } from './likely-reasons.ts';
import { allOf } from './lists.ts';
import { noChmodWords, plannedWords } from './mode-remedies.ts';
import { reasonClause } from './reasons.ts';

/** Words for what is wrong with the storage path, or could not be judged on it. */
export const STORAGE_WORDS = {
  'untraversable-ancestor': { headline: CANNOT_REACH, words: untraversableAncestor },
  'storage-root-unusable': { headline: 'the registry can’t use its storage', words: storageRootUnusable },
  'dangling-link': { headline: CANNOT_REACH, words: danglingLink },
  'storage-root-missing': { headline: CANNOT_REACH, words: storageRootMissing },
  'not-a-directory': { headline: CANNOT_REACH, words: notADirectory },
  'symlink-loop': { headline: CANNOT_REACH, words: symlinkLoop },
  'readonly-mount': { headline: 'the registry can’t write to its storage', words: readonlyMount },
  'access-disagreement': {
    headline: 'file permissions and the kernel’s answer disagree',
    words: accessDisagreement,
  },
  'path-not-visible': { headline: 'part of the storage path couldn’t be checked', words: pathNotVisible },
  'access-not-judged': { headline: 'access to the storage couldn’t be checked', words: accessNotJudged },
} satisfies Partial<WordsById>;

function untraversableAncestor(finding: FindingOf<'untraversable-ancestor'>, context: FindingContext): FindingWords {
  const { throughLink: link } = finding;
  const way = link ? say` The storage path goes through the symlink ${path(link.path)} → ${quoted(link.target)}.` : [];
  return {
    title: say`${subjectAtStart(context.service)} can’t pass through ${path(finding.path)}`,
    because: say`${identity(context.service)} is blocked here: ${why(finding, 'x')}. ${ownership(finding)}${way}`,
    remedy: finding.noChmod ? noChmodWords(finding.noChmod, finding, context) : plannedWords(finding, context, 'x'),
  };
}

const USES = { search: 'enter', list: 'list', create: 'create files in' } as const;
const LETTERS = { search: 'x', list: 'r', create: 'wx' } as const;
const SHIFT = { owner: 6, group: 3, other: 0 } as const;

function storageRootUnusable(finding: FindingOf<'storage-root-unusable'>, context: FindingContext): FindingWords {
  const uses = allOf(finding.lacking.map((use) => say`${USES[use]}`));
  const missing = lettersLacking(finding);
  return {
    title: say`${subjectAtStart(context.service)} can reach its storage ${path(finding.path)}, but can’t ${uses} it`,
    because: say`${identity(context.service)} needs more permissions there: ${why(finding, missing)}. ${ownership(finding)} The registry’s health check only tests that the directory exists, so it can still pass.`,
    remedy: finding.noChmod ? noChmodWords(finding.noChmod, finding, context) : plannedWords(finding, context, missing),
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
  'Most often a disk is not mounted, or the wrong one is. Compare what is mounted (findmnt) with /etc/fstab, mount what is missing, then diagnose again. Don’t create the directory by hand: new images would land on the wrong disk, and the old ones would stay hidden.';
const GREEN_ALL_THE_SAME =
  'The registry’s health check treats a missing directory as healthy: login works, the image lists are empty and every push fails.';

function danglingLink({ path: link, target, missing }: FindingOf<'dangling-link'>): FindingWords {
  return {
    title: say`The symlink ${path(link)} on the storage path is broken`,
    because: say`It points to ${quoted(target)}, and ${path(missing)} doesn’t exist. ${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function storageRootMissing({ path: missing }: FindingOf<'storage-root-missing'>): FindingWords {
  return {
    title: say`${path(missing)} on the storage path doesn’t exist`,
    because: say`The storage path in the registry’s config needs it. ${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function notADirectory({ path: place }: FindingOf<'not-a-directory'>): FindingWords {
  return {
    title: say`${path(place)} on the storage path is not a directory`,
    because: say`The storage path needs a directory there.`,
    remedy: say`Find out what put it there (check its owner and date), then put the directory back. I propose no change for this.`,
  };
}

function symlinkLoop({ path: link }: FindingOf<'symlink-loop'>): FindingWords {
  return {
    title: say`The storage path goes through too many symlinks`,
    because: say`Linux follows 40 symlinks and gives up at the next one (“too many levels of symbolic links”): ${path(link)}. Usually two of them point at each other.`,
    remedy: say`Check where ${path(link)} points, and point it at the real directory. I propose no change for this.`,
  };
}

function readonlyMount({ path: root, mountPoint, setUp }: FindingOf<'readonly-mount'>): FindingWords {
  return {
    title: say`The storage is on a filesystem that is mounted read-only`,
    because: say`${path(root)} is on ${path(mountPoint)}, which takes no writes: every push fails.${SET_UP[setUp ?? 'unknown']} The registry’s health check only reads, so it can still pass.`,
    remedy: say`${readonlyRemedy(mountPoint, setUp)} No change of permissions helps.`,
  };
}

function readonlyRemedy(mountPoint: HostPath, setUp: FindingOf<'readonly-mount'>['setUp']): Phrase {
  switch (setUp) {
    case 'read-only':
      return say`Find out why it is set up this way (a migration, a snapshot, a failing disk). If it should take writes, remove ${code('ro')} from its line in /etc/fstab and remount it: ${code(`mount -o remount,rw ${shellQuote(mountPoint)}`)}.`;
    case 'for-process-alone':
      return say`Make it writable for the registry and restart the registry: list it in ${code('ReadWritePaths=')} of a systemd unit (${code('ProtectSystem=')} makes everything else read-only), or mount the container’s volume without ${code(':ro')}.`;
    default:
      return say`Check the kernel’s log first (${code('journalctl -k')}): a filesystem turns read-only on its own to protect a failing disk. Check the disk and run fsck, then mount it writable again.`;
  }
}

const SET_UP = {
  writable:
    ' /etc/fstab mounts it writable, so it turned read-only on its own, or someone remounted it since the boot.',
  'read-only': ' /etc/fstab mounts it read-only.',
  'for-process-alone': ' On the host the directory is writable: only the registry’s own mounts make it read-only.',
  unknown: '',
} as const;

const OPERATIONS = {
  search: 'pass through it',
  stat: 'reach it',
  list: 'list it',
  create: 'create files in it',
} as const;

function accessDisagreement(
  finding: FindingOf<'access-disagreement'>,
  { service, host }: FindingContext,
): FindingWords {
  const { evaluated, tried, operation, likely } = finding;
  return {
    title: say`At ${path(finding.path)}, the permissions that I read and the kernel’s answer disagree`,
    because: say`By mode and ACL, ${subject(service)} is ${evaluated} to ${OPERATIONS[operation]}. Tested on ${host}, it is ${tried}. So neither is proven.`,
    remedy: say`${likelyWords(likely, tried)} Without proof I propose no change. Diagnose again; if this persists, check that first.`,
  };
}

function pathNotVisible(
  { path: place, why: reason }: FindingOf<'path-not-visible'>,
  { host }: FindingContext,
): FindingWords {
  return {
    title: say`I couldn’t check ${path(place)}`,
    because: say`${capitalised(reasonClause(reason))}. Nothing in or below it has been checked.`,
    remedy: say`Let the login on ${host} run the checks through sudo, then diagnose again: ${code(`registry-doctor host setup ${host}`)} prints what to install.`,
  };
}

function accessNotJudged(finding: FindingOf<'access-not-judged'>, { service, host }: FindingContext): FindingWords {
  return {
    title: say`It is unknown whether ${subject(service)} can use ${path(finding.path)}`,
    because: say`I couldn’t tell: ${reasonClause(finding.why)}.`,
    remedy: say`With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install) and the packages acl and util-linux on ${host}, I can test access as the registry’s user.`,
  };
}
