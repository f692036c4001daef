import type { NoChmod } from '../../model/finding.ts';
import { code, type Phrase, say } from '../phrase.ts';
import type { Around, FindingOf } from './finding-words.ts';
import { stepCommand } from './plan.ts';
import { shellQuote } from './shell-quote.ts';

type ModeFinding = FindingOf<'untraversable-ancestor' | 'storage-root-unusable' | 'inner-directory-unusable'>;

/** What to do if adding the missing bits is right. */
export function plannedWords(
  finding: Exclude<ModeFinding, { id: 'inner-directory-unusable' }>,
  { plan }: Around,
  letters: string,
): Phrase {
  const step = plan?.steps.find(({ path }) => path === finding.path);
  if (step)
    return say`Add only the missing permission: ${code(stepCommand(step))}. The plan below does this after approval.`;
  return say`Missing: ${letters} for ${CLASSES[finding.decidedBy]}. I’m not proposing a change yet, because something else on the path has to be fixed first; see the other findings.`;
}

const CLASSES = {
  owner: 'its owner',
  group: 'its group',
  other: 'others',
  'named-user': 'an ACL entry',
  'named-group': 'an ACL entry',
} as const;

/** What to do where no change of mode bits is right. */
export function noChmodWords(reason: NoChmod, finding: ModeFinding, { service, host }: Around): Phrase {
  const directory = shellQuote(finding.path);
  const uid = service?.uid ?? null;
  switch (reason) {
    case 'acl':
      return uid === null
        ? say`No chmod is right here: an ACL decides. Look at it with ${code(`getfacl ${directory}`)}, and give the registry's user what lacks with setfacl.`
        : say`No chmod is right here: an ACL decides, and chmod on its group bits would change what everybody named in it may do. Look at it with ${code(`getfacl ${directory}`)}; an entry for the registry's user mends it: ${code(`setfacl -m u:${uid}:${aclPermissions(finding)} ${directory}`)}. Look at its mask again afterwards.`;
    case 'acl-unknown':
      return say`No chmod is right as long as its ACL is not known: with one, the group bits are its mask. Install the package acl on ${host}, then diagnose again.`;
    case 'would-open-to-all':
      return say`No chmod is right here: by its mode the registry counts as everybody else, and everybody would gain as much. Give the directory back to the registry's user, after a look at who else uses it: ${code(`chown ${uid ?? 'USER'} ${directory}`)}.`;
    case 'world-writable':
      return say`Everybody may write there already, and no plan of mine leaves a directory so. Find out who opened it, take that away (${code(`chmod o-w ${directory}`)}), then diagnose again.`;
    case 'protected-path':
      return say`This directory belongs to the operating system, so I never change it. Find out who closed it and why; the package that it comes from says what its mode should be.`;
    case 'attribute':
      return say`Its immutable or append-only attribute keeps everybody, root too, from changing its mode. Somebody set it on purpose: find out who and why (${code(`lsattr -d ${directory}`)}), take it away (${code(`chattr -ia ${directory}`)}), then diagnose again.`;
    case 'readonly-mount':
      return say`Its filesystem is mounted read-only, so no mode can be changed. Look into the kernel's log first (${code('journalctl -k')}): a failing disk goes read-only by itself.`;
    case 'not-on-host':
      return say`Only the registry's own process sees this directory: it is in its container's own tree, and no path of ${host} leads there. Put the mode right in the image, or from inside the container (${code(`chmod a+x ${directory}`)} there, gone when the container is made anew); better, keep the storage on a volume.`;
    case 'modes-not-kept':
      return say`No chmod has an effect here: this filesystem takes its modes from its mount options. Change those (uid=, gid=, umask=, allow_other) in /etc/fstab, and mount it again.`;
  }
}

function aclPermissions(finding: ModeFinding): string {
  return finding.id === 'untraversable-ancestor' ? '--x' : 'rwx';
}
