import type { FindingOf } from '../../model/diagnosis/finding.ts';
import { bytes } from '../bytes.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, plain, quoted } from '../from-host.ts';
import { capitalised, code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { CANNOT_REACH, subjectAtStart } from './finding-words.ts';
import { reasonClause } from './reasons.ts';
import { count } from './time.ts';

/** Words for what is wrong with the filesystem of the storage, or with the way it is mounted. */
export const DISK_WORDS = {
  'mount-missing': { headline: "the registry's disk is not mounted", words: mountMissing },
  'wrong-disk-mounted': { headline: 'the wrong disk is mounted', words: wrongDiskMounted },
  'filesystem-full': { headline: "the registry's disk is full", words: filesystemFull },
  'stale-handle': { headline: CANNOT_REACH, words: staleHandle },
  'server-denies': { headline: 'the file server blocks the registry’s storage', words: serverDenies },
  'mount-options-deny': { headline: 'mount options block the registry’s storage', words: mountOptionsDeny },
  'storage-spans-filesystems': {
    headline: 'pushes fail: the storage is spread over two mounts',
    words: storageSpansFilesystems,
  },
  'disk-not-judged': { headline: 'the registry’s disk couldn’t be checked', words: diskNotJudged },
} satisfies Partial<WordsById>;

const GREEN_ALL_THE_SAME =
  'The registry’s health check only tests its directory, and treats a missing one as healthy, so it can still pass.';

function storageSpansFilesystems({ path: part, uploads, blobs }: FindingOf<'storage-spans-filesystems'>): FindingWords {
  return {
    title: say`Pushes fail: ${path(part)} is on another mount than the rest of the storage`,
    because: say`The registry uploads to ${path(uploads)} and then renames the file to ${path(blobs)}. A rename between two mounts fails (“invalid cross-device link”), so every push answers 500. Pulls still work.`,
    remedy: say`Put both on one filesystem: mount the disk at the storage root or at ${code('docker')} in it, and move the data there while the registry is stopped. No change of permissions helps.`,
  };
}

function mountMissing(finding: FindingOf<'mount-missing'>, { host }: FindingContext): FindingWords {
  const { mountPoint, source, setUpIn, unit } = finding;
  const state =
    unit === null
      ? []
      : say` systemd says of ${quoted(unit.name)}: ${plain(unit.activeState)} (${plain(unit.result)}).`;
  const look =
    unit === null
      ? say`${code('journalctl -b -k')} and ${code('lsblk -f')} say more`
      : say`${code(`systemctl status ${shellQuote(unit.name)}`)} and ${code('lsblk -f')} say more`;
  return {
    title: say`The disk for ${path(mountPoint)} is not mounted`,
    because: say`${quoted(setUpIn)} puts ${quoted(source)} there, the storage path ${path(finding.storageRoot)} needs it, and ${host} has not mounted it.${state} ${seenInstead(finding)} ${GREEN_ALL_THE_SAME}`,
    remedy: say`Mount it: ${code(mountCommand(finding))}. If that fails, ${look}. Then diagnose again. Until then, don’t create or change anything at or below ${path(mountPoint)}: it would go to the directory under the mount point, not to the disk.${containerNote(finding)}${movedNote(finding)}`,
  };
}

/** mount(8) knows fstab alone; a unit of its own is started. */
function mountCommand({ mountPoint, setUpIn }: FindingOf<'mount-missing'>): string {
  return setUpIn === '/etc/fstab' ? `mount ${shellQuote(mountPoint)}` : `systemctl start ${shellQuote(setUpIn)}`;
}

function seenInstead({ mountPoint, breaksOffAt, repositories }: FindingOf<'mount-missing'>): Phrase {
  if (breaksOffAt !== null) return say`So ${path(breaksOffAt)} doesn’t exist.`;
  const images =
    repositories === null
      ? ''
      : ` (${repositories === 0 ? 'with no image in it' : count(repositories, 'repository', 'repositories')})`;
  return say`What is at ${path(mountPoint)} now is the directory under the mount point${images}. The images are on the unmounted disk; they are not lost.`;
}

/** A bind mount stays with the directory that it was made of (mount(2)). */
function containerNote({ path: place, mountPoint }: FindingOf<'mount-missing'>): Phrase {
  if (place === mountPoint) return [];
  return say` The registry’s container holds ${path(place)} from that directory: restart it once the disk is mounted.`;
}

/** What was pushed in the meantime lies under the disk once it is mounted. */
function movedNote({ breaksOffAt, repositories }: FindingOf<'mount-missing'>): Phrase {
  if (breaksOffAt !== null || repositories === 0) return [];
  return say` Images pushed since the disk went missing are in that directory: stop the registry before mounting, so that you can move them afterwards.`;
}

function wrongDiskMounted(finding: FindingOf<'wrong-disk-mounted'>): FindingWords {
  const { path: mountPoint, mounted, fstab, storageRoot, repositories, severity } = finding;
  const images =
    repositories === null
      ? ''
      : ` ${repositories === 0 ? 'It holds no image.' : `It holds ${count(repositories, 'repository', 'repositories')}.`}`;
  return {
    title: say`The wrong disk is mounted at ${path(mountPoint)}: not the one in /etc/fstab`,
    because: say`${quoted(mounted)} is mounted, but /etc/fstab has ${quoted(fstab)}. The storage ${path(storageRoot)} is on it.${images}`,
    remedy:
      severity === 'fault'
        ? say`Find out which of the two holds the images (${code('lsblk -f')} lists every disk). If it is the one in /etc/fstab, stop the registry, ${code(`umount ${shellQuote(mountPoint)}`)}, ${code(`mount ${shellQuote(mountPoint)}`)}, and start it again. Change no permissions before that: they would be those of the wrong disk.`
        : say`The next boot mounts the one in /etc/fstab. If the storage was moved on purpose, put the new disk into /etc/fstab, best by its UUID (${code(`blkid ${shellQuote(mounted)}`)}), and test it with ${code('findmnt --verify')}.`,
  };
}

function filesystemFull(finding: FindingOf<'filesystem-full'>): FindingWords {
  const { path: root, mountPoint, of, available, total, severity } = finding;
  const where = mountPoint ?? root;
  const left =
    of === 'bytes'
      ? `${bytes(available)} of ${bytes(total)}`
      : `${count(available, 'inode')} of ${count(total, 'inode')}`;
  const what = of === 'bytes' ? 'room' : 'inodes';
  const meaning =
    severity === 'fault'
      ? 'Every push fails with “no space left on device”; pulls still work.'
      : 'A push that needs more fails with “no space left on device”.';
  const look =
    of === 'bytes'
      ? say`${code(`du -xh --max-depth=2 ${shellQuote(where)} | sort -h | tail`)} shows what takes it`
      : say`${code(`du -x --inodes --max-depth=2 ${shellQuote(where)} | sort -n | tail`)} shows where the files are (df still shows free space: the number of files is the limit)`;
  return {
    title: say`The filesystem of the storage ${severity === 'fault' ? 'has no' : 'has almost no'} ${what} left`,
    because: say`${left} are left for an ordinary account on ${path(where)}, which holds ${path(root)}. ${meaning} The registry’s health check writes nothing, so it can still pass.`,
    remedy: say`Make room or give it more: ${look}. To remove unused images, run the registry’s garbage collection (${code('gitlab-ctl registry-garbage-collect')} on GitLab Omnibus, ${code('registry garbage-collect CONFIG')} elsewhere, with the registry read-only or stopped). Delete no file by hand. No change of permissions helps.`,
  };
}

function staleHandle({ path: place, mountPoint, source }: FindingOf<'stale-handle'>): FindingWords {
  const from = source === null ? [] : say` It comes from ${quoted(source)}.`;
  const again =
    mountPoint === null || mountPoint === '/'
      ? say`Mount it again`
      : say`Stop the registry and mount it again: ${code(`umount -l ${shellQuote(mountPoint)} && mount ${shellQuote(mountPoint)}`)}, then start the registry`;
  return {
    title: say`The file server no longer knows ${path(place)}`,
    because: say`The answer there is “stale file handle”: the export was removed or recreated on the server.${from}`,
    remedy: say`Make sure that the server exports it again, with the files in it. ${again}. Restart any container that mounts it. No change of permissions helps.`,
  };
}

const USES = { search: 'pass through', list: 'list', create: 'create files in' } as const;

function serverDenies(finding: FindingOf<'server-denies'>, { service, host }: FindingContext): FindingWords {
  const { path: place, operation, mountPoint, source, filesystem } = finding;
  const uid = service?.uid ?? null;
  const id = uid === null ? "the registry's user" : `uid ${uid}`;
  return {
    title: say`The file server doesn’t let ${service ? quoted(service.user) : 'the registry'} ${USES[operation]} ${path(place)}`,
    because: say`${path(mountPoint)} is ${quoted(source)} (${quoted(filesystem)}). The permissions that ${host} sees allow it, but the test was denied, so the file server refuses access.`,
    remedy: filesystem.startsWith('nfs')
      ? say`Check the export on the server (${code('exportfs -v')}): with ${code('root_squash')} or ${code('all_squash')} an account becomes ${code('nobody')} there, and ${id} must own the files or have permission on the server itself. Fix it on the server, then diagnose again. A chmod on this host has no effect.`
      : say`Check on the server which account this mount uses, and what it is allowed to do. Fix it there, or mount with an account that is allowed. A chmod on this host has no effect.`,
  };
}

function mountOptionsDeny(finding: FindingOf<'mount-options-deny'>, { service }: FindingContext): FindingWords {
  const { path: place, operation, mountPoint, source, filesystem, options, inFstab } = finding;
  const now = options.length === 0 ? say`none that gives access to anyone` : quoted(options.join(','));
  const where = inFstab ? 'in /etc/fstab' : 'where it is mounted';
  return {
    title: say`${subjectAtStart(service)} can’t ${USES[operation]} ${path(place)}: the mount options forbid it`,
    because: say`${path(mountPoint)} is ${quoted(source)} (${quoted(filesystem)}), which keeps no Linux owners or modes and takes them from its mount options: ${now}.`,
    remedy: say`chmod has no effect here. Change the options ${where} to ${code(wantedOptions(filesystem, service))}, then ${code(`umount ${shellQuote(mountPoint)} && mount ${shellQuote(mountPoint)}`)}.${moreFor(filesystem)} For a registry, a filesystem that keeps permissions (ext4, xfs) is better.`,
  };
}

function wantedOptions(filesystem: string, service: FindingContext['service']): string {
  const uid = service?.uid ?? 'UID';
  const gid = service?.gid ?? 'GID';
  if (filesystem.startsWith('fuse')) return 'allow_other,default_permissions';
  if (filesystem === 'cifs' || filesystem === 'smb3') return `uid=${uid},gid=${gid},dir_mode=0750,file_mode=0640`;
  return `uid=${uid},gid=${gid},umask=0027`;
}

function moreFor(filesystem: string): Phrase {
  if (!filesystem.startsWith('fuse')) return [];
  return say` Without allow_other only the account that mounted it gets in, not even root; for accounts other than root, /etc/fuse.conf needs ${code('user_allow_other')}.`;
}

const NOT_JUDGED = {
  mounts: 'whether a disk is missing there',
  space: 'whether its filesystem is full',
} as const;

function diskNotJudged(
  { path: place, what, why }: FindingOf<'disk-not-judged'>,
  { host }: FindingContext,
): FindingWords {
  return {
    title: say`I couldn’t check ${NOT_JUDGED[what]}: ${path(place)}`,
    because: say`${capitalised(reasonClause(why))}. Neither the registry’s health nor a test of its storage shows it, so I can’t rule it out.`,
    remedy:
      what === 'mounts'
        ? say`Compare on ${host} what is mounted with what should be (${code('findmnt --verify')}, ${code('cat /etc/fstab')}), or let the login run the checks through sudo.`
        : say`Check on ${host} with ${code(`df -h ${shellQuote(place)}`)} and ${code(`df -i ${shellQuote(place)}`)}.`,
  };
}
