import type { Diagnosis } from '../../model/diagnosis.ts';
import type { NoChown } from '../../model/findings/contents.ts';
import type { HostPath } from '../../model/host-path.ts';
import { bold, code, joined, type Phrase, say } from '../phrase.ts';
import { directoryMode } from './access.ts';
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
import { imageDataMissing } from './image-findings.ts';
import { noChmodWords } from './mode-remedies.ts';
import { stepCommand } from './plan.ts';
import { shellQuote } from './shell-quote.ts';
import { count, dateAndTime, grouped } from './time.ts';

type ContentsFinding = FindingOf<
  | 'wrong-owner'
  | 'inner-directory-unusable'
  | 'world-writable-storage'
  | 'images-unseen'
  | 'image-data-missing'
  | 'storage-empty'
  | 'contents-not-judged'
>;

/** Words for what is wrong below the storage root. */
export function contentsWords(finding: ContentsFinding, around: Around): FindingWords {
  switch (finding.id) {
    case 'wrong-owner':
      return wrongOwner(finding, around);
    case 'inner-directory-unusable':
      return innerDirectoryUnusable(finding, around);
    case 'world-writable-storage':
      return worldWritableStorage(finding, around);
    case 'images-unseen':
      return imagesUnseen(finding);
    case 'image-data-missing':
      return imageDataMissing(finding, around);
    case 'storage-empty':
      return storageEmpty(finding);
    case 'contents-not-judged':
      return contentsNotJudged(finding, around);
  }
}

/**
 * That the images are there, whatever else is broken. Empty if none was counted: then there is nothing to say.
 */
export function imagesSentence(images: Diagnosis['images']): Phrase {
  if (images === null || images.onDisk === 0) return [];
  const repositories = count(images.onDisk, 'repository', 'repositories');
  return say`${bold('Your images are still there:')} ${images.atLeast ? 'at least ' : ''}${repositories} on the disk.`;
}

const GREEN_ALL_THE_SAME =
  "The registry's health check only looks whether the storage root is there, so it can be green all the same.";
const MAX_PATHS = 3;

function wrongOwner(finding: FindingOf<'wrong-owner'>, around: Around): FindingWords {
  const { service } = around;
  const entries = finding.owners.reduce((sum, owner) => sum + owner.entries, 0);
  const owners = finding.owners
    .slice(0, MAX_PATHS)
    .map(
      (owner) =>
        say`${quoted(`${owner.owner}:${owner.group}`)} (${owner.uid}:${owner.gid}) has ${count(owner.entries, 'entry', 'entries')}`,
    );
  const more = finding.owners.length > MAX_PATHS ? [say`others have the rest`] : [];
  return {
    title: say`${amount(entries, finding.complete)} below ${path(finding.top)} ${entries === 1 ? 'belongs' : 'belong'} to others than ${subject(service)}`,
    because: say`${identity(service)} needs to use all of it. Of those that are not its own, ${joined([...owners, ...more], 'and')}${counted(finding.complete)}. ${refused(finding, around)} ${firstOnes(finding.path, finding.firstPaths)}${finding.rootToo ? ' The storage root itself belongs to another as well.' : ''} ${drift(finding)}${GREEN_ALL_THE_SAME}`,
    remedy: finding.noChown ? noChownWords(finding.noChown, finding, around) : plannedChown(finding, around),
  };
}

function amount(entries: number, complete: boolean): string {
  const words = count(entries, 'entry', 'entries');
  return complete ? words : `At least ${words}`;
}

function counted(complete: boolean): string {
  return complete ? ', counted completely' : '; the count ended at its bound, so these are at least so many';
}

function refused({ denied, proof }: FindingOf<'wrong-owner'>, { host }: Around): string {
  if (denied !== null) return `Really tried on ${host}, the kernel refused at least ${grouped(denied)} of them.`;
  return proof === 'evaluated'
    ? 'The storage root lets nobody else in, so nothing below it could be tried.'
    : 'It could not be tried whether they may be used all the same.';
}

function firstOnes(first: HostPath, paths: readonly HostPath[]): Phrase {
  const others = paths.filter((one) => one !== first).slice(0, MAX_PATHS - 1);
  return say`The first: ${joined(
    [first, ...others].map((one) => [path(one)]),
    'and',
  )}.`;
}

function drift({ drift: kind, owners }: FindingOf<'wrong-owner'>): string {
  if (kind === 'account') return "An owner has the uid of the service's account, and the process runs with another. ";
  const nameless = owners.find(({ uid, owner }) => owner === String(uid));
  if (kind !== 'no-account' || nameless === undefined) return '';
  return `No account on this host has the uid ${nameless.uid}: a reinstall or a container has changed the number. `;
}

/** Shown where no plan does it: what a person may do after a look. */
function plannedChown({ top }: FindingOf<'wrong-owner'>, { plan }: Around): Phrase {
  const step = plan?.steps.find((one) => one.action === 'chown' && one.path === top);
  if (!step) return say`I propose no change as long as something else stands against it: see the other findings.`;
  return say`Give them back to the service, and leave their group as it is: ${code(stepCommand(step))}. The plan below does it, for exactly the entries that were counted, once it is approved.`;
}

function noChownWords(reason: NoChown, { top, owners }: FindingOf<'wrong-owner'>, { service, host }: Around): Phrase {
  const [first] = owners;
  const uid = service?.uid ?? 'UID';
  const command = `find ${shellQuote(top)} -xdev -uid ${first?.uid ?? 'UID'} -exec chown -h ${uid} {} +`;
  const byHand = say`By hand, after a look at what it would change: ${code(command)}.`;
  switch (reason) {
    case 'stub':
      return say`I change no owner here: it looks like the empty directory under a mount that is missing. Compare what is mounted (findmnt) with /etc/fstab first.`;
    case 'mount-missing':
      return say`I change no owner here: a filesystem that belongs on the way is not mounted, so this is not the storage that the registry had. Mount it first.`;
    case 'mounts-unknown':
      return say`I change no owner as long as I cannot tell whether the right disk is mounted. Compare what is mounted (findmnt) with /etc/fstab. ${byHand}`;
    case 'not-counted':
      return say`A plan of mine is for exactly the entries that it was counted for, and here the count ended at its bound. ${byHand}`;
    case 'too-many':
      return say`These are more than I change in one go while somebody waits. ${byHand}`;
    case 'mount-below':
      return say`A part of the storage is on another filesystem or behind a symlink, and I change no owners across these. ${byHand} Do the same in each such part.`;
    case 'unusual':
      return say`Among them is something that no registry makes: links, devices, setuid files, or files with a second name, perhaps outside the storage. A new owner of these may be a danger; look at them first: ${code(`find ${shellQuote(top)} -xdev ! -type d \\( ! -type f -o -links +1 -o -perm /6000 \\)`)}.`;
    case 'closed-to-owner':
      return say`A new owner alone would not help: for some of them even their owner's bits are too few. Look at their modes first (${code(`find ${shellQuote(top)} -xdev ! -perm -u=r`)}).`;
    case 'not-tried':
      return say`I propose no change on unproven ground. With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install), the registry running and GNU find on ${host}, I can try it as the registry's user.`;
    case 'other-namespace':
      return say`The registry runs with mounts or users of its own, in which these numbers may mean others. Change owners from where it runs, or pin its uid.`;
    case 'not-changeable':
      return say`Nothing can be changed there: see the other findings.`;
  }
}

const USES = { search: 'enter', list: 'list', create: 'create files in' } as const;

function innerDirectoryUnusable(finding: FindingOf<'inner-directory-unusable'>, around: Around): FindingWords {
  const uses = joined(
    finding.lacking.map((use) => say`${USES[use]}`),
    'and',
  );
  const others =
    finding.count > 1
      ? ` It is one of ${finding.complete ? '' : 'at least '}${count(finding.count, 'such directory', 'such directories')}.`
      : '';
  return {
    title: say`${subjectAtStart(around.service)} may not ${uses} ${path(finding.path)} below its storage root`,
    because: say`The directory is ${code(directoryMode(finding.mode))} (${finding.mode}), owner and group ${quoted(`${finding.owner}:${finding.group}`)}.${others} ${GREEN_ALL_THE_SAME}`,
    remedy: innerRemedy(finding, around),
  };
}

function innerRemedy(finding: FindingOf<'inner-directory-unusable'>, around: Around): Phrase {
  if (finding.noChmod !== null) return noChmodWords(finding.noChmod, finding, around);
  const step = around.plan?.steps.find((one) => one.path === finding.path);
  if (step) return say`Add only what lacks: ${code(stepCommand(step))}. The plan below does it once it is approved.`;
  return say`Add what lacks for its owner: ${code(`chmod u+rwx ${shellQuote(finding.path)}`)}. I propose no plan for it as long as not all of them are known, or something else stands against it.`;
}

function worldWritableStorage(finding: FindingOf<'world-writable-storage'>, { host, plan }: Around): FindingWords {
  const { entries, complete, firstPaths, top } = finding;
  return {
    title: say`Every account on ${host} may write to ${amount(entries, complete).toLowerCase()} of the storage ${path(top)}`,
    because: say`That is what ${code('chmod -R 777')} leaves behind${counted(complete)}. ${firstOnes(finding.path, firstPaths)} It mends nothing that is closed further up, and whoever has an account can change every image.`,
    remedy: plan?.steps.some((step) => step.action === 'chmod' && step.tree) ? MODES_BACK : modesByHand(top),
  };
}

/** What is not the service's own, or has another mode than 0777, the plan leaves alone; so the next diagnosis may tell of a rest. */
const MODES_BACK = say`The plan below puts back what the registry itself gives to what it makes: 0777 for directories and 0666 for files, less the umask that its process runs with. It changes only what belongs to the service and has exactly 0777; look at anything else by hand.`;

function modesByHand(top: HostPath): Phrase {
  return say`Take the bit for others away, and nothing else: ${code(`find ${shellQuote(top)} -xdev ! -type l -perm -o=w -exec chmod o-w {} +`)}. What the other bits were before cannot be known here, or something else comes first, so I propose no plan for it now; the registry itself makes directories with 0777 and files with 0666, less the umask that it runs with (${code('grep Umask /proc/PID/status')}).`;
}

function imagesUnseen({ onDisk, atLeast, listed }: FindingOf<'images-unseen'>): FindingWords {
  const lists = listed === 0 ? 'none of them' : `only ${count(listed, 'repository', 'repositories')}`;
  return {
    title: say`The disk holds ${atLeast ? 'at least ' : ''}${count(onDisk, 'repository', 'repositories')}, and the registry lists ${lists}`,
    because: say`I counted what has manifests below the storage root that its config names, and asked the registry for its own list. Your images are not lost: they are on this disk.`,
    remedy: say`Most often the registry still looks where its config pointed when it started, or started before the disk was mounted. Compare when it started with when the config and the mount changed; a restart makes it look again. Delete nothing before both numbers agree.`,
  };
}

function storageEmpty({ path: root, lastGoodAt, wasUsed }: FindingOf<'storage-empty'>): FindingWords {
  if (!wasUsed) {
    return {
      title: say`The storage ${path(root)} holds no repository`,
      because: say`The registry may use it, and nothing is in it. For a new registry that is right; a disk that is not mounted looks the same.`,
      remedy: say`If this registry has had images, do not push: compare what is mounted (findmnt) with /etc/fstab, and mount what is missing.`,
    };
  }
  const last =
    lastGoodAt === null ? [] : say` The last time was ${dateAndTime(new Date(lastGoodAt * 1000).toISOString())}.`;
  return {
    title: say`The storage ${path(root)} holds no repository, and this registry has had images`,
    because: say`Its log or its own list tells of manifests or blobs, so it is no new registry.${last} The health check is green over an empty directory, and pushes would land in the wrong place.`,
    remedy: say`Do not push, and change nothing here. Compare what is mounted (findmnt) with /etc/fstab and mount what is missing; most often the images are on a disk that is not there.`,
  };
}

function contentsNotJudged(finding: FindingOf<'contents-not-judged'>, { service, host }: Around): FindingWords {
  return {
    title: say`Whether ${subject(service)} may use what lies below ${path(finding.path)} is not known`,
    because: say`It may use the storage root itself. Below it nothing could be judged: ${plain(finding.why)}.`,
    remedy: say`With sudo for the login (${code(`registry-doctor host setup ${host}`)} prints what to install), GNU find and setpriv (util-linux) on ${host}, I can really try it as the registry's user.`,
  };
}
