import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { bytes } from '../bytes.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, plain, quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { CANNOT_REACH, subject, subjectAtStart } from './finding-words.ts';
import { reasonClause } from './reasons.ts';

/** Words for what is wrong with the filesystem of the storage, or with the way it is mounted. */
export const DISK_WORDS = {
  'mount-missing': { headline: 'Registry 的磁盘未挂载', words: mountMissing },
  'wrong-disk-mounted': { headline: '挂载的磁盘不对', words: wrongDiskMounted },
  'filesystem-full': { headline: 'Registry 的磁盘已满', words: filesystemFull },
  'stale-handle': { headline: CANNOT_REACH, words: staleHandle },
  'server-denies': { headline: '文件服务器拦住对 Registry 存储的访问', words: serverDenies },
  'mount-options-deny': { headline: '挂载选项拦住对 Registry 存储的访问', words: mountOptionsDeny },
  'storage-spans-filesystems': { headline: '推送失败：存储分散在两个挂载上', words: storageSpansFilesystems },
  'disk-not-judged': { headline: '无法检查 Registry 的磁盘', words: diskNotJudged },
} satisfies Partial<WordsById>;

const GREEN_ALL_THE_SAME = 'Registry 的健康检查只测试它的目录，并把缺少的目录视为正常，因此仍可能通过。';

function storageSpansFilesystems({ path: part, uploads, blobs }: FindingOf<'storage-spans-filesystems'>): FindingWords {
  return {
    title: say`推送失败：${path(part)} 与存储的其余部分不在同一个挂载上`,
    because: say`Registry 先上传到 ${path(uploads)}，再把文件改名到 ${path(blobs)}。跨挂载改名会失败（“invalid cross-device link”），所以每次推送都返回 500。拉取仍然可用。`,
    remedy: say`把两者放到同一个文件系统上：把磁盘挂载到存储根目录或其中的 ${code('docker')}，并在 Registry 停止时把数据移过去。修改权限没有用。`,
  };
}

function mountMissing(finding: FindingOf<'mount-missing'>, { host }: FindingContext): FindingWords {
  const { mountPoint, source, setUpIn, unit } = finding;
  const state =
    unit === null
      ? []
      : say`systemd 显示 ${quoted(unit.name)} 的状态是 ${plain(unit.activeState)}（${plain(unit.result)}）。`;
  const look =
    unit === null
      ? say`${code('journalctl -b -k')} 和 ${code('lsblk -f')} 中有更多信息`
      : say`${code(`systemctl status ${shellQuote(unit.name)}`)} 和 ${code('lsblk -f')} 中有更多信息`;
  return {
    title: say`${path(mountPoint)} 的磁盘未挂载`,
    because: say`按 ${quoted(setUpIn)}，那里应挂载 ${quoted(source)}，存储路径 ${path(finding.storageRoot)} 需要它，但 ${host} 未挂载。${state}${seenInstead(finding)}${GREEN_ALL_THE_SAME}`,
    remedy: say`挂载它：${code(mountCommand(finding))}。如果失败，${look}。然后重新诊断。在此之前，不要在 ${path(mountPoint)} 或其下创建或修改任何东西：那会写到挂载点下面的目录里，而不是磁盘上。${containerNote(finding)}${movedNote(finding)}`,
  };
}

/** mount(8) knows fstab alone; a unit of its own is started. */
function mountCommand({ mountPoint, setUpIn }: FindingOf<'mount-missing'>): string {
  return setUpIn === '/etc/fstab' ? `mount ${shellQuote(mountPoint)}` : `systemctl start ${shellQuote(setUpIn)}`;
}

function seenInstead({ mountPoint, breaksOffAt, repositories }: FindingOf<'mount-missing'>): Phrase {
  if (breaksOffAt !== null) return say`因此 ${path(breaksOffAt)} 不存在。`;
  return say`现在在 ${path(mountPoint)} 看到的是挂载点下面的目录${imagesThere(repositories)}。镜像在未挂载的磁盘上，没有丢失。`;
}

function imagesThere(repositories: number | null): string {
  if (repositories === null) return '';
  return repositories === 0 ? '（其中没有镜像）' : `（其中有 ${grouped(repositories)} 个仓库）`;
}

/** A bind mount stays with the directory that it was made of (mount(2)). */
function containerNote({ path: place, mountPoint }: FindingOf<'mount-missing'>): Phrase {
  if (place === mountPoint) return [];
  return say`Registry 的容器中的 ${path(place)} 来自该目录：磁盘挂载后要重启容器。`;
}

/** What was pushed in the meantime lies under the disk once it is mounted. */
function movedNote({ breaksOffAt, repositories }: FindingOf<'mount-missing'>): Phrase {
  if (breaksOffAt !== null || repositories === 0) return [];
  return say`磁盘缺失期间推送的镜像在该目录里：挂载前先停止 Registry，以便之后把它们移走。`;
}

function wrongDiskMounted(finding: FindingOf<'wrong-disk-mounted'>): FindingWords {
  const { path: mountPoint, mounted, fstab, storageRoot, repositories, severity } = finding;
  return {
    title: say`${path(mountPoint)} 挂载的磁盘不对：不是 /etc/fstab 中的那块`,
    because: say`已挂载的是 ${quoted(mounted)}，而 /etc/fstab 中是 ${quoted(fstab)}。存储 ${path(storageRoot)} 就在上面。${imagesOn(repositories)}`,
    remedy:
      severity === 'fault'
        ? say`查明镜像在两块磁盘中的哪一块上（${code('lsblk -f')} 列出所有磁盘）。如果是 /etc/fstab 中的那块，停止 Registry，执行 ${code(`umount ${shellQuote(mountPoint)}`)} 和 ${code(`mount ${shellQuote(mountPoint)}`)}，再启动 Registry。在此之前不要修改任何权限：那会改到错误的磁盘上。`
        : say`下次启动会挂载 /etc/fstab 中的那块。如果存储是有意迁移的，把新磁盘写入 /etc/fstab，最好用它的 UUID（${code(`blkid ${shellQuote(mounted)}`)}），并用 ${code('findmnt --verify')} 检查。`,
  };
}

function imagesOn(repositories: number | null): string {
  if (repositories === null) return '';
  return repositories === 0 ? '其中没有镜像。' : `其中有 ${grouped(repositories)} 个仓库。`;
}

function filesystemFull(finding: FindingOf<'filesystem-full'>): FindingWords {
  const { path: root, mountPoint, of, available, total, severity } = finding;
  const where = mountPoint ?? root;
  const left =
    of === 'bytes'
      ? `空间只剩 ${bytes(available)}（共 ${bytes(total)}）`
      : ` inode 只剩 ${grouped(available)} 个（共 ${grouped(total)} 个）`;
  const meaning =
    severity === 'fault'
      ? '每次推送都会失败（“no space left on device”）；拉取仍然可用。'
      : '推送所需的空间超过剩余时会失败（“no space left on device”）。';
  const look =
    of === 'bytes'
      ? say`${code(`du -xh --max-depth=2 ${shellQuote(where)} | sort -h | tail`)} 显示空间被什么占用`
      : say`${code(`du -x --inodes --max-depth=2 ${shellQuote(where)} | sort -n | tail`)} 显示文件在哪里（df 仍显示有空闲空间：受限的是文件数量）`;
  return {
    title: say`存储所在的文件系统${severity === 'fault' ? '已没有' : '几乎没有'}剩余${of === 'bytes' ? '空间' : ' inode'}`,
    because: say`${path(where)} 上普通账号可用的${left}，而 ${path(root)} 就在其中。${meaning}Registry 的健康检查不写入任何内容，因此仍可能通过。`,
    remedy: say`腾出空间或扩容：${look}。要删除不用的镜像，运行 Registry 的垃圾回收（Omnibus GitLab 用 ${code('gitlab-ctl registry-garbage-collect')}，其他环境用 ${code('registry garbage-collect CONFIG')}，期间 Registry 须只读或停止）。不要手动删除任何文件。修改权限没有用。`,
  };
}

function staleHandle({ path: place, mountPoint, source }: FindingOf<'stale-handle'>): FindingWords {
  const from = source === null ? [] : say`它来自 ${quoted(source)}。`;
  const again =
    mountPoint === null || mountPoint === '/'
      ? say`重新挂载它`
      : say`停止 Registry 并重新挂载：${code(`umount -l ${shellQuote(mountPoint)} && mount ${shellQuote(mountPoint)}`)}，再启动 Registry`;
  return {
    title: say`文件服务器已不认识 ${path(place)}`,
    because: say`那里返回“stale file handle”：服务器上的导出已被删除或重建。${from}`,
    remedy: say`确认服务器已重新导出它，且文件都在其中。${again}。重启所有挂载它的容器。修改权限没有用。`,
  };
}

function serverDenies(finding: FindingOf<'server-denies'>, { service, host }: FindingContext): FindingWords {
  const { path: place, operation, mountPoint, source, filesystem } = finding;
  const uid = service?.uid ?? null;
  const id = uid === null ? ' Registry 的用户' : ` uid ${uid}`;
  return {
    title: say`文件服务器不允许 ${subject(service)} ${use(operation, place)}`,
    because: say`${path(mountPoint)} 是 ${quoted(source)}（${quoted(filesystem)}）。从 ${host} 看到的权限是允许的，但实测被拒绝，所以是文件服务器拒绝访问。`,
    remedy: filesystem.startsWith('nfs')
      ? say`检查服务器上的导出配置（${code('exportfs -v')}）：启用 ${code('root_squash')} 或 ${code('all_squash')} 时，账号在服务器上会变成 ${code('nobody')}，而文件的属主须是${id}，或在服务器上另有权限。在服务器上修复，然后重新诊断。在这台主机上执行 chmod 不起作用。`
      : say`在服务器上检查这个挂载使用哪个账号，以及该账号有哪些权限。在服务器上修复，或改用有权限的账号挂载。在这台主机上执行 chmod 不起作用。`,
  };
}

/** What the registry would do with the path, as the verb of a sentence. */
function use(operation: FindingOf<'server-denies'>['operation'], place: HostPath): Phrase {
  switch (operation) {
    case 'search':
      return say`穿过 ${path(place)}`;
    case 'list':
      return say`列出 ${path(place)}`;
    case 'create':
      return say`在 ${path(place)} 中创建文件`;
  }
}

function mountOptionsDeny(finding: FindingOf<'mount-options-deny'>, { service }: FindingContext): FindingWords {
  const { path: place, operation, mountPoint, source, filesystem, options, inFstab } = finding;
  const now = options.length === 0 ? say`其中没有允许任何人访问的选项` : say`目前是 ${quoted(options.join(','))}`;
  const where = inFstab ? '在 /etc/fstab 中' : '在执行挂载的地方';
  return {
    title: say`${subjectAtStart(service)} 无法${use(operation, place)}：挂载选项不允许`,
    because: say`${path(mountPoint)} 是 ${quoted(source)}（${quoted(filesystem)}），该文件系统不保存 Linux 的属主和权限位，而是取自挂载选项，${now}。`,
    remedy: say`chmod 在这里不起作用。${where}把选项改为 ${code(wantedOptions(filesystem, service))}，再执行 ${code(`umount ${shellQuote(mountPoint)} && mount ${shellQuote(mountPoint)}`)}。${moreFor(filesystem)}对 Registry 来说，最好使用能保存权限的文件系统（ext4、xfs）。`,
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
  return say`没有 allow_other 时，只有执行挂载的账号能访问，连 root 也不行；由 root 以外的账号挂载时，/etc/fuse.conf 中须有 ${code('user_allow_other')}。`;
}

const NOT_JUDGED = { mounts: '那里是否缺少磁盘', space: '它的文件系统是否已满' } as const;

function diskNotJudged(
  { path: place, what, why }: FindingOf<'disk-not-judged'>,
  { host }: FindingContext,
): FindingWords {
  return {
    title: say`无法检查${NOT_JUDGED[what]}：${path(place)}`,
    because: say`${reasonClause(why)}。Registry 的健康状态和对存储的实测都反映不出这一点，所以无法排除。`,
    remedy:
      what === 'mounts'
        ? say`请在 ${host} 上对照检查实际的挂载与应有的挂载（${code('findmnt --verify')}、${code('cat /etc/fstab')}），或让登录用户能通过 sudo 运行检查。`
        : say`请在 ${host} 上用 ${code(`df -h ${shellQuote(place)}`)} 和 ${code(`df -i ${shellQuote(place)}`)} 检查。`,
  };
}
