import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { CANNOT_REACH, subject, subjectAtStart } from './finding-words.ts';

/** Words for what blocks the service though owner, mode and ACL would let it pass. */
export const OBSTACLE_WORDS = {
  'immutable-directory': { headline: 'the registry can’t write to its storage', words: immutableDirectory },
  'protected-symlink': { headline: CANNOT_REACH, words: protectedSymlink },
  'nosymfollow-mount': { headline: CANNOT_REACH, words: nosymfollowMount },
  'security-module-denies': {
    headline: 'a security module probably blocks the registry’s storage',
    words: securityModuleDenies,
  },
} satisfies Partial<WordsById>;

function immutableDirectory({ path: root }: FindingOf<'immutable-directory'>): FindingWords {
  const directory = shellQuote(root);
  return {
    title: say`The storage ${path(root)} is immutable`,
    because: say`It has the attribute ${code('i')} (see ${code(`lsattr -d ${directory}`)}): not even root can create anything in it, and every push fails with “operation not permitted”. The registry’s health check only reads, so it can still pass.`,
    remedy: say`Someone set it on purpose: find out who and why. Then remove it with ${code(`chattr -i ${directory}`)}. No change of permissions or owners helps, and none is possible before that.`,
  };
}

function protectedSymlink(finding: FindingOf<'protected-symlink'>, { service }: FindingContext): FindingWords {
  const { path: link, target, linkOwner, directory, directoryOwner } = finding;
  return {
    title: say`The kernel doesn’t let ${subject(service)} follow the symlink ${path(link)}`,
    because: say`It points to ${quoted(target)} and belongs to ${quoted(linkOwner)}. It is in ${path(directory)}, which is sticky and world-writable. There, as the last part of a path, an account can follow only its own symlinks and those of the directory’s owner (${quoted(directoryOwner)}) (fs.protected_symlinks). Root is no exception.`,
    remedy: say`Keep no storage path in a world-writable directory: put the real directory into the registry’s config (${code('rootdirectory')}). If the symlink must stay, give it to that directory’s owner, after checking where it points: ${code(`chown -h --reference=${shellQuote(directory)} ${shellQuote(link)}`)}. Leave fs.protected_symlinks on.`,
  };
}

function nosymfollowMount(finding: FindingOf<'nosymfollow-mount'>): FindingWords {
  const { path: link, target, mountPoint } = finding;
  return {
    title: say`The symlink ${path(link)} on the storage path is not followed`,
    because: say`It points to ${quoted(target)}, and the mount at ${path(mountPoint)} has the option ${code('nosymfollow')}: not even root can follow a symlink there (“too many levels of symbolic links”).`,
    remedy: say`Put the real directory into the registry’s config (${code('rootdirectory')}). Or find out why the option is set, remove it from /etc/fstab and remount (${code(`mount -o remount,symfollow ${shellQuote(mountPoint)}`)}).`,
  };
}

function securityModuleDenies(finding: FindingOf<'security-module-denies'>, { service }: FindingContext): FindingWords {
  const { path: root, module, label, words, toldBy } = finding;
  const confined = label === null ? [] : say` (${quoted(label)})`;
  const where = toldBy === 'health' ? 'to /debug/health' : 'in its log';
  return {
    title: say`${NAMES_AT_START[module]} probably blocks the registry’s storage ${path(root)}`,
    because: say`${subjectAtStart(service)} has permission by owner, mode and ACL: tested with its ids, the kernel allowed it. But the registry says ${quoted(words)} ${where}, and its process is confined by ${NAMES[module]}${confined}, which a test from outside doesn’t hit.`,
    remedy: say`${REMEDIES[module](shellQuote(root))} No change of permissions helps.`,
  };
}

const NAMES = { selinux: 'SELinux', apparmor: 'AppArmor', other: 'a security module' } as const;
const NAMES_AT_START = { ...NAMES, other: 'A security module' } as const;

const REMEDIES: Readonly<Record<FindingOf<'security-module-denies'>['module'], (root: string) => Phrase>> = {
  selinux: (root) =>
    say`Check what was denied (${code('ausearch -m AVC -ts recent')}) and the labels (${code(`ls -Zd ${root}`)}). A storage that was moved keeps its old labels: add the new path (${code('semanage fcontext -a -e OLD NEW')}) and relabel it (${code(`restorecon -R ${root}`)}).`,
  apparmor: (root) =>
    say`Check what was denied (${code('journalctl -k --grep apparmor')}), allow ${code(root)} in the profile, and reload it (${code('apparmor_parser -r')}).`,
  other: () => say`Check what was denied in the kernel’s log (${code('journalctl -k')}).`,
};
