import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { NoChown } from '../../model/diagnosis/findings/contents.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { directoryMode } from '../mode.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { stepCommand } from '../step-command.ts';
import { identity, subject, subjectAtStart } from './finding-words.ts';
import { imageDataMissing } from './image-findings.ts';
import { allOf } from './lists.ts';
import { noChmodWords } from './mode-remedies.ts';
import { reasonClause } from './reasons.ts';
import { count } from './time.ts';

/** Words for what is wrong below the storage root. */
export const CONTENTS_WORDS = {
  'wrong-owner': { headline: null, words: wrongOwner },
  'inner-directory-unusable': {
    headline: 'the registry can’t use a directory inside its storage',
    words: innerDirectoryUnusable,
  },
  'inner-file-unusable': { headline: 'the registry can’t use a file inside its storage', words: innerFileUnusable },
  'world-writable-storage': { headline: null, words: worldWritableStorage },
  'images-unseen': { headline: null, words: imagesUnseen },
  'image-data-missing': { headline: 'image data is missing, so some tags can’t be pulled', words: imageDataMissing },
  'storage-empty': { headline: null, words: storageEmpty },
  'contents-not-judged': { headline: null, words: contentsNotJudged },
} satisfies Partial<WordsById>;

/** Says that the images are there, whatever else is broken. Empty: none was counted. */
export function imagesSentence(images: Diagnosis['images']): Phrase {
  if (images === null || images.onDisk === 0) return [];
  const repositories = count(images.onDisk, 'repository', 'repositories');
  return say`${bold('Your images are still there:')} ${images.atLeast ? 'at least ' : ''}${repositories} on the disk.`;
}

const GREEN_ALL_THE_SAME = 'The registry’s health check only tests that the storage root exists, so it can still pass.';
const MAX_PATHS = 3;

function wrongOwner(finding: FindingOf<'wrong-owner'>, context: FindingContext): FindingWords {
  const { service } = context;
  const entries = finding.owners.reduce((sum, owner) => sum + owner.entries, 0);
  const owners = finding.owners
    .slice(0, MAX_PATHS)
    .map(
      (owner) =>
        say`${quoted(`${owner.owner}:${owner.group}`)} (${owner.uid}:${owner.gid}) owns ${count(owner.entries, 'entry', 'entries')}`,
    );
  const more = finding.owners.length > MAX_PATHS ? [say`others own the rest`] : [];
  return {
    title: say`${amount(entries, finding.complete)} below ${path(finding.top)} ${entries === 1 ? 'is' : 'are'} not owned by ${subject(service)}`,
    because: say`${identity(service)} needs access to all of them. ${allOf([...owners, ...more])}${counted(finding.complete)}. ${refused(finding, context)} ${firstOnes(finding.path, finding.firstPaths)}${finding.rootToo ? ' Someone else owns the storage root, too.' : ''} ${drift(finding)}${GREEN_ALL_THE_SAME}`,
    remedy: finding.noChown ? noChownWords(finding.noChown, finding, context) : plannedChown(finding, context),
  };
}

function amount(entries: number, complete: boolean): string {
  const words = count(entries, 'entry', 'entries');
  return complete ? words : `At least ${words}`;
}

function counted(complete: boolean): string {
  return complete ? ', all counted' : ' (the count stopped at its limit; there can be more)';
}

function refused({ denied, proof }: FindingOf<'wrong-owner'>, { host }: FindingContext): string {
  if (denied !== null) return `On ${host}, the kernel denied access to at least ${grouped(denied)} of them.`;
  return proof === 'evaluated'
    ? 'The storage root is blocked, so nothing below it could be tested.'
    : 'I couldn’t test whether it can use them anyway.';
}

function firstOnes(first: HostPath, paths: readonly HostPath[]): Phrase {
  const others = paths.filter((one) => one !== first).slice(0, MAX_PATHS - 1);
  return say`The first: ${allOf([first, ...others].map((one) => [path(one)]))}.`;
}

function drift({ drift: kind, owners }: FindingOf<'wrong-owner'>): string {
  if (kind === 'account') return 'One owner has the uid of the service’s account, but the process runs with another. ';
  const nameless = owners.find(({ uid, owner }) => owner === String(uid));
  if (kind !== 'no-account' || nameless === undefined) return '';
  return `No account on this host has uid ${nameless.uid}: a reinstall or a container changed the number. `;
}

/** Shown if no plan does it: what a person can do after checking. */
function plannedChown({ top }: FindingOf<'wrong-owner'>, { plan }: FindingContext): Phrase {
  const step = plan?.steps.find((one) => one.action === 'chown' && one.path === top);
  if (!step) return say`I propose no change yet, because something else has to be fixed first: see the other findings.`;
  return say`Make the service their owner, and leave their group as it is: ${code(stepCommand(step))}. The plan below does this after approval, for exactly the entries that I counted.`;
}

function noChownWords(
  reason: NoChown,
  { top, owners }: FindingOf<'wrong-owner'>,
  { service, host }: FindingContext,
): Phrase {
  const [first] = owners;
  const uid = service?.uid ?? 'UID';
  const command = `find ${shellQuote(top)} -xdev -uid ${first?.uid ?? 'UID'} -exec chown -h ${uid} {} +`;
  const byHand = say`To do it by hand, after checking what it would change: ${code(command)}.`;
  switch (reason) {
    case 'stub':
      return say`I change no owner here: this looks like the empty directory under a missing mount. Compare what is mounted (findmnt) with /etc/fstab first.`;
    case 'mount-missing':
      return say`I change no owner here: a filesystem on the path is not mounted, so this is not the storage that the registry had. Mount it first.`;
    case 'mounts-unknown':
      return say`I change no owner before I know that the right disk is mounted. Compare what is mounted (findmnt) with /etc/fstab. ${byHand}`;
    case 'not-counted':
      return say`A plan covers only entries that I have counted, and there are more than I count. ${byHand}`;
    case 'too-many':
      return say`There are too many for one plan. ${byHand}`;
    case 'mount-below':
      return say`A part of the storage is on another filesystem or behind a symlink, and I change no owners across these. ${byHand} Do the same in each such part.`;
    case 'unusual':
      return say`Some of them don’t come from a registry: symlinks, devices, setuid files, or files with a second name, perhaps outside the storage. A new owner of these can be dangerous. Check them first: ${code(`find ${shellQuote(top)} -xdev ! -type d \\( ! -type f -o -links +1 -o -perm /6000 \\)`)}.`;
    case 'closed-to-owner':
      return say`A new owner wouldn’t be enough: some of them deny even their owner. Check their modes first (${code(`find ${shellQuote(top)} -xdev ! -perm -u=r`)}).`;
    case 'not-tried':
      return say`Without proof I propose no change. With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install), the registry running and GNU find on ${host}, I can test it as the registry’s user.`;
    case 'other-namespace':
      return say`The registry runs with its own mounts or users, where these numbers can mean other accounts. Change owners from where it runs, or pin its uid.`;
    case 'not-changeable':
      return say`Nothing can be changed there: see the other findings.`;
  }
}

const USES = { search: 'enter', list: 'list', create: 'create files in' } as const;

function innerDirectoryUnusable(finding: FindingOf<'inner-directory-unusable'>, context: FindingContext): FindingWords {
  const uses = allOf(finding.lacking.map((use) => say`${USES[use]}`));
  const others =
    finding.count > 1
      ? ` It is one of ${finding.complete ? '' : 'at least '}${count(finding.count, 'such directory', 'such directories')}.`
      : '';
  return {
    title: say`${subjectAtStart(context.service)} can’t ${uses} ${path(finding.path)} below its storage root`,
    because: say`The directory is ${code(directoryMode(finding.mode))} (${finding.mode}), owner and group ${quoted(`${finding.owner}:${finding.group}`)}.${others} ${GREEN_ALL_THE_SAME}`,
    remedy: innerRemedy(finding, context),
  };
}

function innerFileUnusable(finding: FindingOf<'inner-file-unusable'>, { service }: FindingContext): FindingWords {
  const place = shellQuote(finding.path);
  const use = finding.lacking === 'read' ? 'read' : 'write to';
  const others = finding.count > 1 ? ` It is one of ${count(finding.count, 'such entry', 'such entries')}.` : '';
  if (finding.kind === 'symlink') {
    return {
      title: say`${subjectAtStart(service)} can’t ${use} what the symlink ${path(finding.path)} leads to`,
      because: say`A registry makes no symlinks, so someone put it into the storage.${others} ${GREEN_ALL_THE_SAME}`,
      remedy: say`Check each directory on its path: ${code(`namei -l ${place}`)}. Give the registry access to the target, or replace the symlink with the target itself.`,
    };
  }
  return {
    title: say`${subjectAtStart(service)} can’t ${use} its file ${path(finding.path)}`,
    because: say`Pulls and pushes of the images that use it fail. Its mode is ${code(finding.mode)}.${others} ${GREEN_ALL_THE_SAME}`,
    remedy: say`Add what its owner is missing: ${code(`chmod u+rw ${place}`)}. If the mode allows it already, show its attributes: ${code(`lsattr ${place}`)}.`,
  };
}

function innerRemedy(finding: FindingOf<'inner-directory-unusable'>, context: FindingContext): Phrase {
  if (finding.noChmod !== null) return noChmodWords(finding.noChmod, finding, context);
  const step = context.plan?.steps.find((one) => one.path === finding.path);
  if (step)
    return say`Add only the missing permission: ${code(stepCommand(step))}. The plan below does this after approval.`;
  return say`Add what its owner is missing: ${code(`chmod u+rwx ${shellQuote(finding.path)}`)}. I propose no plan yet, because not all of them are known or something else has to be fixed first.`;
}

function worldWritableStorage(
  finding: FindingOf<'world-writable-storage'>,
  { host, plan }: FindingContext,
): FindingWords {
  const { entries, complete, firstPaths, top } = finding;
  return {
    title: say`Every account on ${host} can write to ${amount(entries, complete).toLowerCase()} of the storage ${path(top)}`,
    because: say`That is what ${code('chmod -R 777')} leaves behind${counted(complete)}. ${firstOnes(finding.path, firstPaths)} It doesn’t fix a directory that is blocked further up, and any account on the host can now change every image.`,
    remedy: plan?.steps.some((step) => step.action === 'chmod' && step.tree) ? MODES_BACK : modesByHand(top),
  };
}

/** What is not the service's own, or has another mode than 0777, the plan leaves alone; so the next diagnosis may tell of a rest. */
const MODES_BACK = say`The plan below restores the modes that the registry itself sets: 0777 for directories and 0666 for files, minus the umask of its process. It changes only entries that the service owns and that have exactly 0777; check everything else by hand.`;

function modesByHand(top: HostPath): Phrase {
  return say`Remove only the write permission for others: ${code(`find ${shellQuote(top)} -xdev ! -type l -perm -o=w -exec chmod o-w {} +`)}. The earlier modes are unknown, or something else has to be fixed first, so I propose no plan now. The registry itself creates directories with 0777 and files with 0666, minus the umask of its process (${code('grep Umask /proc/PID/status')}).`;
}

function imagesUnseen({ onDisk, atLeast, listed }: FindingOf<'images-unseen'>): FindingWords {
  const lists = listed === 0 ? 'none of them' : `only ${count(listed, 'repository', 'repositories')}`;
  return {
    title: say`The disk holds ${atLeast ? 'at least ' : ''}${count(onDisk, 'repository', 'repositories')}, but the registry lists ${lists}`,
    because: say`I counted the repositories below the storage root in its config, and asked the registry for its own list. The images are not lost: they are on this disk.`,
    remedy: say`Most often the registry still uses the storage path that its config had when it started, or started before the disk was mounted. Compare when it started with when the config and the mount changed; a restart makes it read both again. Delete nothing before both numbers agree.`,
  };
}

function storageEmpty({ path: root, lastGoodAt, wasUsed }: FindingOf<'storage-empty'>): FindingWords {
  if (!wasUsed) {
    return {
      title: say`The storage ${path(root)} holds no repository`,
      because: say`The registry can use it, but it is empty. That is right for a new registry; a disk that is not mounted looks the same.`,
      remedy: say`If this registry has had images, don’t push. Compare what is mounted (findmnt) with /etc/fstab, and mount what is missing.`,
    };
  }
  const last =
    lastGoodAt === null ? [] : say` The last time was ${dateAndTime(new Date(lastGoodAt * 1000).toISOString())}.`;
  return {
    title: say`The storage ${path(root)} holds no repository, and this registry has had images`,
    because: say`Its log or its own list shows manifests or blobs, so it is not a new registry.${last} The health check is green over an empty directory, and pushes would land in the wrong place.`,
    remedy: say`Do not push, and change nothing here. Compare what is mounted (findmnt) with /etc/fstab and mount what is missing; most often the images are on a disk that is not there.`,
  };
}

function contentsNotJudged(finding: FindingOf<'contents-not-judged'>, { service, host }: FindingContext): FindingWords {
  return {
    title: say`Whether ${subject(service)} may use what lies below ${path(finding.path)} is not known`,
    because: say`It may use the storage root itself. Below it nothing could be judged: ${reasonClause(finding.why)}.`,
    remedy: say`With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install), GNU find and setpriv (util-linux) on ${host}, I can really try it as the registry's user.`,
  };
}
