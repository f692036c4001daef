import { code, type Phrase, say } from '../phrase.ts';
import {
  type Around,
  CANNOT_REACH,
  type FindingOf,
  type FindingWords,
  path,
  quoted,
  subject,
  subjectAtStart,
  type WordsById,
} from './finding-words.ts';
import { shellQuote } from './shell-quote.ts';

/** Words for what stands against the service though owner, mode and ACL would let it pass. */
export const OBSTACLE_WORDS = {
  'immutable-directory': { headline: 'the registry cannot write to its storage', words: immutableDirectory },
  'protected-symlink': { headline: CANNOT_REACH, words: protectedSymlink },
  'nosymfollow-mount': { headline: CANNOT_REACH, words: nosymfollowMount },
  'security-module-denies': {
    headline: 'most likely a security module keeps the registry from its storage',
    words: securityModuleDenies,
  },
} satisfies Partial<WordsById>;

function immutableDirectory({ path: root }: FindingOf<'immutable-directory'>): FindingWords {
  const directory = shellQuote(root);
  return {
    title: say`The storage ${path(root)} is immutable`,
    because: say`It has the attribute ${code('i')} (see ${code(`lsattr -d ${directory}`)}): nothing can be created in it, by root neither, and each push fails with “operation not permitted”. The registry's health check only reads, so it can be green all the same.`,
    remedy: say`Somebody set it on purpose: find out who and why. Then take it away with ${code(`chattr -i ${directory}`)}. No change of modes or owners helps, nor is one possible before.`,
  };
}

function protectedSymlink(finding: FindingOf<'protected-symlink'>, { service }: Around): FindingWords {
  const { path: link, target, linkOwner, directory, directoryOwner } = finding;
  return {
    title: say`The kernel does not let ${subject(service)} follow the symlink ${path(link)}`,
    because: say`It points to ${quoted(target)} and belongs to ${quoted(linkOwner)}. It lies in ${path(directory)}, which is sticky and writable by everybody; there, as the last part of a path, only a link of one's own or of the directory's owner (${quoted(directoryOwner)}) is followed (fs.protected_symlinks). Root is no exception.`,
    remedy: say`Keep no storage path in a directory that everybody may write to: put the real directory into the registry's config (${code('rootdirectory')}). Where the link has to stay, give it to that directory's owner, after a look at where it points: ${code(`chown -h --reference=${shellQuote(directory)} ${shellQuote(link)}`)}. Leave fs.protected_symlinks on.`,
  };
}

function nosymfollowMount(finding: FindingOf<'nosymfollow-mount'>): FindingWords {
  const { path: link, target, mountPoint } = finding;
  return {
    title: say`The symlink ${path(link)} on the storage path is not followed`,
    because: say`It points to ${quoted(target)}, and the mount at ${path(mountPoint)} has the option ${code('nosymfollow')}: nobody follows a symlink there, root neither (“too many levels of symbolic links”).`,
    remedy: say`Put the real directory into the registry's config (${code('rootdirectory')}), or take the option away in /etc/fstab and mount again (${code(`mount -o remount,symfollow ${shellQuote(mountPoint)}`)}), if whoever set it agrees.`,
  };
}

function securityModuleDenies(finding: FindingOf<'security-module-denies'>, { service }: Around): FindingWords {
  const { path: root, module, label, words, toldBy } = finding;
  const confined = label === null ? [] : say` (${quoted(label)})`;
  const where = toldBy === 'health' ? 'to /debug/health' : 'in its log';
  return {
    title: say`Most likely ${NAMES[module]} keeps the registry from its storage ${path(root)}`,
    because: say`${subjectAtStart(service)} may use it by owner, modes and ACL: really tried with its ids, the kernel allowed it. The registry itself says ${quoted(words)} ${where}, and its process is confined by ${NAMES[module]}${confined}, which a try from outside does not meet.`,
    remedy: say`${REMEDIES[module](shellQuote(root))} No change of modes helps.`,
  };
}

const NAMES = { selinux: 'SELinux', apparmor: 'AppArmor', other: 'a security module' } as const;

const REMEDIES: Readonly<Record<FindingOf<'security-module-denies'>['module'], (root: string) => Phrase>> = {
  selinux: (root) =>
    say`Look what was denied (${code('ausearch -m AVC -ts recent')}) and at the labels (${code(`ls -Zd ${root}`)}). A storage that was moved keeps its old labels: name the new place (${code('semanage fcontext -a -e OLD NEW')}) and relabel it (${code(`restorecon -R ${root}`)}).`,
  apparmor: (root) =>
    say`Look what was denied (${code('journalctl -k --grep apparmor')}), let the profile have ${code(root)}, and load it again (${code('apparmor_parser -r')}).`,
  other: () => say`Look what was denied in the kernel's log (${code('journalctl -k')}).`,
};
