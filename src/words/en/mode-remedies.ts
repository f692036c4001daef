import type { FindingOf, NoChmod } from '../../model/diagnosis/finding.ts';
import type { FindingContext } from '../finding-words.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { stepCommand } from '../step-command.ts';

type ModeFinding = FindingOf<'untraversable-ancestor' | 'storage-root-unusable' | 'inner-directory-unusable'>;

/** What to do if adding the missing bits is right. */
export function plannedWords(
  finding: Exclude<ModeFinding, { id: 'inner-directory-unusable' }>,
  { plan }: FindingContext,
  letters: string,
): Phrase {
  const step = plan?.steps.find(({ path }) => path === finding.path);
  if (step)
    return say`Add only the missing permission: ${code(stepCommand(step))}. The plan below does this after approval.`;
  return say`Missing: ${letters} for ${CLASSES[finding.decidedBy]}. I propose no change yet, because something else on the path has to be fixed first: see the other findings.`;
}

const CLASSES = {
  owner: 'its owner',
  group: 'its group',
  other: 'others',
  'named-user': 'an ACL entry',
  'named-group': 'an ACL entry',
} as const;

/** What to do where no change of mode bits is right. */
export function noChmodWords(reason: NoChmod, finding: ModeFinding, { service, host }: FindingContext): Phrase {
  const directory = shellQuote(finding.path);
  const uid = service?.uid ?? null;
  switch (reason) {
    case 'acl':
      return uid === null
        ? say`Don’t use chmod here: an ACL decides. Show it with ${code(`getfacl ${directory}`)}, and add what the registry’s user needs with setfacl.`
        : say`Don’t use chmod here: an ACL decides, and chmod on its group bits would change the access of every account in it. Show it with ${code(`getfacl ${directory}`)}. An entry for the registry’s user fixes it: ${code(`setfacl -m u:${uid}:${aclPermissions(finding)} ${directory}`)}. Check its mask afterwards.`;
    case 'acl-unknown':
      return say`Don’t use chmod before its ACL is known: with one, the group bits are its mask. Install the package acl on ${host}, then diagnose again.`;
    case 'would-open-to-all':
      return say`Don’t use chmod here: the registry gets the permissions of others, so every account would gain the same access. Make the registry’s user the owner instead, after checking who else uses the directory: ${code(`chown ${uid ?? 'USER'} ${directory}`)}.`;
    case 'world-writable':
      return say`This directory is world-writable, and I never leave one that way. Find out who opened it, remove the permission (${code(`chmod o-w ${directory}`)}), then diagnose again.`;
    case 'protected-path':
      return say`This is a system directory, so I never change it. Find out who restricted it and why; the package that owns it defines the correct mode.`;
    case 'attribute':
      return say`Because of its immutable or append-only attribute, not even root can change its mode. Someone set it on purpose: find out who and why (${code(`lsattr -d ${directory}`)}), remove it (${code(`chattr -ia ${directory}`)}), then diagnose again.`;
    case 'readonly-mount':
      return say`Its filesystem is mounted read-only, so no mode can be changed. Check the kernel’s log first (${code('journalctl -k')}): a filesystem turns read-only on its own when its disk fails.`;
    case 'not-on-host':
      return say`Only the registry’s own process sees this directory: it is in its container, and no path on ${host} leads there. Correct the mode in the image, or from inside the container (${code(`chmod a+x ${directory}`)} there, lost when the container is recreated). Better: keep the storage on a volume.`;
    case 'modes-not-kept':
      return say`chmod has no effect here: this filesystem takes its modes from its mount options. Change those (uid=, gid=, umask=, allow_other) in /etc/fstab, and mount it again.`;
  }
}

function aclPermissions(finding: ModeFinding): string {
  return finding.id === 'untraversable-ancestor' ? '--x' : 'rwx';
}
