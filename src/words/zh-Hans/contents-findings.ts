import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { NoChown } from '../../model/diagnosis/findings/contents.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { directoryMode } from '../mode.ts';
import { dateAndTime, grouped } from '../moment.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { stepCommand } from '../step-command.ts';
import { identity, subject, subjectAtStart } from './finding-words.ts';
import { imageDataMissing } from './image-findings.ts';
import { listOf, textList } from './list.ts';
import { noChmodWords } from './mode-remedies.ts';
import { reasonClause } from './reasons.ts';

/** Words for what is wrong below the storage root. */
export const CONTENTS_WORDS = {
  'wrong-owner': { headline: null, words: wrongOwner },
  'inner-directory-unusable': { headline: 'Registry 无法使用存储内的一个目录', words: innerDirectoryUnusable },
  'inner-file-unusable': { headline: 'Registry 无法使用存储内的一个文件', words: innerFileUnusable },
  'world-writable-storage': { headline: null, words: worldWritableStorage },
  'images-unseen': { headline: null, words: imagesUnseen },
  'image-data-missing': { headline: '镜像数据缺失，部分标签无法拉取', words: imageDataMissing },
  'storage-empty': { headline: null, words: storageEmpty },
  'contents-not-judged': { headline: null, words: contentsNotJudged },
} satisfies Partial<WordsById>;

/**
 * That the images are there, whatever else is broken. Empty if none was counted: then there is nothing to say.
 */
export function imagesSentence(images: Diagnosis['images']): Phrase {
  if (images === null || images.onDisk === 0) return [];
  return say`${bold('镜像还在：')}磁盘上${images.atLeast ? '至少' : ''}有 ${grouped(images.onDisk)} 个仓库。`;
}

const GREEN_ALL_THE_SAME = 'Registry 的健康检查只测试存储根目录是否存在，因此仍可能通过。';
const MAX_PATHS = 3;

function wrongOwner(finding: FindingOf<'wrong-owner'>, context: FindingContext): FindingWords {
  const { service } = context;
  const entries = finding.owners.reduce((sum, owner) => sum + owner.entries, 0);
  const owners = finding.owners
    .slice(0, MAX_PATHS)
    .map(
      (owner) =>
        say`${quoted(`${owner.owner}:${owner.group}`)}（${owner.uid}:${owner.gid}）拥有 ${grouped(owner.entries)} 个条目`,
    );
  const more = finding.owners.length > MAX_PATHS ? [say`其余条目属于其他账号`] : [];
  return {
    title: say`${path(finding.top)} 之下${amount(entries, finding.complete)}的属主不是 ${subject(service)}`,
    because: say`${identity(service)}需要访问其中所有条目。${separated([...owners, ...more], '，')}${counted(finding.complete)}。${refused(finding, context)}${firstOnes(finding.path, finding.firstPaths)}${finding.rootToo ? '存储根目录的属主也是别的账号。' : ''}${drift(finding)}${GREEN_ALL_THE_SAME}`,
    remedy: finding.noChown ? noChownWords(finding.noChown, finding, context) : plannedChown(finding, context),
  };
}

function amount(entries: number, complete: boolean): string {
  return `${complete ? '有' : '至少有'} ${grouped(entries)} 个条目`;
}

function counted(complete: boolean): string {
  return complete ? '，已全部清点' : '（清点已在上限处停止，实际可能更多）';
}

function refused({ denied, proof }: FindingOf<'wrong-owner'>, { host }: FindingContext): string {
  if (denied !== null) return `在 ${host} 上实测，内核至少拒绝访问其中 ${grouped(denied)} 个。`;
  return proof === 'evaluated' ? '存储根目录被拦住，其下的内容均无法实测。' : '是否仍能使用它们，无法实测。';
}

function firstOnes(first: HostPath, paths: readonly HostPath[]): Phrase {
  const others = paths.filter((one) => one !== first).slice(0, MAX_PATHS - 1);
  return say`最先发现的是 ${listOf([first, ...others].map((one) => [path(one)]))}。`;
}

function drift({ drift: kind, owners }: FindingOf<'wrong-owner'>): string {
  if (kind === 'account') return '其中一个属主的 uid 就是服务账号的 uid，但进程以另一个 uid 运行。';
  const nameless = owners.find(({ uid, owner }) => owner === String(uid));
  if (kind !== 'no-account' || nameless === undefined) return '';
  return `这台主机上没有 uid 为 ${nameless.uid} 的账号：这个编号在重装系统或容器中有过变化。`;
}

/** Shown if no plan does it: what a person can do after checking. */
function plannedChown({ top }: FindingOf<'wrong-owner'>, { plan }: FindingContext): Phrase {
  const step = plan?.steps.find((one) => one.action === 'chown' && one.path === top);
  if (!step) return say`暂不提出方案，因为别的问题须先修复：见其他诊断结果。`;
  return say`把服务的账号设为它们的属主，属组保持不变：${code(stepCommand(step))}。下面的方案会在获批后执行，范围正是我清点过的条目。`;
}

function noChownWords(
  reason: NoChown,
  { top, owners }: FindingOf<'wrong-owner'>,
  { service, host }: FindingContext,
): Phrase {
  const [first] = owners;
  const uid = service?.uid ?? 'UID';
  const command = `find ${shellQuote(top)} -xdev -uid ${first?.uid ?? 'UID'} -exec chown -h ${uid} {} +`;
  const byHand = say`如需手动执行，先确认它会改动什么：${code(command)}。`;
  switch (reason) {
    case 'stub':
      return say`我不在这里修改属主：这看起来是磁盘未挂载时露出的空目录。先对照 /etc/fstab 检查实际的挂载（findmnt）。`;
    case 'mount-missing':
      return say`我不在这里修改属主：路径上有一个文件系统未挂载，所以这不是 Registry 原来的存储。先挂载它。`;
    case 'mounts-unknown':
      return say`在确认挂载的是正确的磁盘之前，我不修改属主。请对照 /etc/fstab 检查实际的挂载（findmnt）。${byHand}`;
    case 'not-counted':
      return say`方案只包含我清点过的条目，而这里的条目超出我能清点的数量。${byHand}`;
    case 'too-many':
      return say`条目太多，一个方案容纳不下。${byHand}`;
    case 'mount-below':
      return say`存储有一部分在另一个文件系统上，或在符号链接之后，我不跨越它们修改属主。${byHand}每个这样的部分都要照此处理。`;
    case 'unusual':
      return say`其中有些条目不是 Registry 产生的：符号链接、设备、setuid 文件，或另有文件名（可能在存储之外）的文件。给它们换属主可能有危险。先检查它们：${code(`find ${shellQuote(top)} -xdev ! -type d \\( ! -type f -o -links +1 -o -perm /6000 \\)`)}。`;
    case 'closed-to-owner':
      return say`只换属主还不够：其中有些条目连属主自己也无权访问。先检查它们的权限位（${code(`find ${shellQuote(top)} -xdev ! -perm -u=r`)}）。`;
    case 'not-tried':
      return say`没有证据，我不提出方案。为登录用户配置 sudo（${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容），让 Registry 运行，并在 ${host} 上装有 GNU find，我就能以 Registry 的用户身份实测。`;
    case 'other-namespace':
      return say`Registry 运行时有自己的挂载或用户命名空间，这些编号在那里可能代表别的账号。请在它运行的环境中修改属主，或固定它的 uid。`;
    case 'not-changeable':
      return say`那里无法做任何修改：见其他诊断结果。`;
  }
}

const USES = { search: '进入', list: '列出', create: '在其中创建文件' } as const;

function innerDirectoryUnusable(finding: FindingOf<'inner-directory-unusable'>, context: FindingContext): FindingWords {
  const uses = textList(
    finding.lacking.map((use) => USES[use]),
    'or',
  );
  const others =
    finding.count > 1
      ? `这样的目录${finding.complete ? '' : '至少'}有 ${grouped(finding.count)} 个，这是其中之一。`
      : '';
  return {
    title: say`存储根目录之下的 ${path(finding.path)}，${subjectAtStart(context.service)} 无法${uses}`,
    because: say`该目录的权限是 ${code(directoryMode(finding.mode))}（${finding.mode}），属主和属组是 ${quoted(`${finding.owner}:${finding.group}`)}。${others}${GREEN_ALL_THE_SAME}`,
    remedy: innerRemedy(finding, context),
  };
}

function innerFileUnusable(finding: FindingOf<'inner-file-unusable'>, { service }: FindingContext): FindingWords {
  const place = shellQuote(finding.path);
  const use = finding.lacking === 'read' ? '读取' : '写入';
  const others = finding.count > 1 ? `这样的条目有 ${grouped(finding.count)} 个，这是其中之一。` : '';
  if (finding.kind === 'symlink') {
    return {
      title: say`符号链接 ${path(finding.path)} 的目标，${subjectAtStart(service)} 无法${use}`,
      because: say`Registry 不会创建符号链接，所以是有人把它放进存储的。${others}${GREEN_ALL_THE_SAME}`,
      remedy: say`检查其路径上的每个目录：${code(`namei -l ${place}`)}。让 Registry 能访问目标，或用目标本身替换该符号链接。`,
    };
  }
  return {
    title: say`${subjectAtStart(service)} 无法${use}自己的文件 ${path(finding.path)}`,
    because: say`使用该文件的镜像，拉取和推送都会失败。它的权限位是 ${code(finding.mode)}。${others}${GREEN_ALL_THE_SAME}`,
    remedy: say`补上属主缺少的权限：${code(`chmod u+rw ${place}`)}。如果权限位已经允许，查看它的属性：${code(`lsattr ${place}`)}。`,
  };
}

function innerRemedy(finding: FindingOf<'inner-directory-unusable'>, context: FindingContext): Phrase {
  if (finding.noChmod !== null) return noChmodWords(finding.noChmod, finding, context);
  const step = context.plan?.steps.find((one) => one.path === finding.path);
  if (step) return say`只补上缺少的权限：${code(stepCommand(step))}。下面的方案会在获批后执行。`;
  return say`补上属主缺少的权限：${code(`chmod u+rwx ${shellQuote(finding.path)}`)}。暂不提出方案，因为这样的目录尚未全部查明，或别的问题须先修复。`;
}

function worldWritableStorage(
  finding: FindingOf<'world-writable-storage'>,
  { host, plan }: FindingContext,
): FindingWords {
  const { entries, complete, firstPaths, top } = finding;
  return {
    title: say`存储 ${path(top)} 中${amount(entries, complete)}，${host} 上的所有账号都能写入`,
    because: say`这是 ${code('chmod -R 777')} 留下的结果${counted(complete)}。${firstOnes(finding.path, firstPaths)}上层被拦住的目录不会因此修复，而主机上的任何账号现在都能改动每个镜像。`,
    remedy: plan?.steps.some((step) => step.action === 'chmod' && step.tree) ? MODES_BACK : modesByHand(top),
  };
}

/** What is not the service's own, or has another mode than 0777, the plan leaves alone; so the next diagnosis may tell of a rest. */
const MODES_BACK = say`下面的方案会恢复 Registry 自己设置的权限位：目录为 0777、文件为 0666，再减去其进程的 umask。它只修改属主是服务账号且权限位恰为 0777 的条目；其余条目请人工检查。`;

function modesByHand(top: HostPath): Phrase {
  return say`只去掉其他用户的写权限：${code(`find ${shellQuote(top)} -xdev ! -type l -perm -o=w -exec chmod o-w {} +`)}。原来的权限位未知，或别的问题须先修复，所以现在不提出方案。Registry 自己创建的目录为 0777、文件为 0666，再减去其进程的 umask（${code('grep Umask /proc/PID/status')}）。`;
}

function imagesUnseen({ onDisk, atLeast, listed }: FindingOf<'images-unseen'>): FindingWords {
  const lists = listed === 0 ? '一个也未列出' : `只列出 ${grouped(listed)} 个`;
  return {
    title: say`磁盘上${atLeast ? '至少' : ''}有 ${grouped(onDisk)} 个仓库，但 Registry ${lists}`,
    because: say`仓库数是在配置中的存储根目录之下清点的，列表是向 Registry 查询的。镜像没有丢失：它们就在这块磁盘上。`,
    remedy: say`最常见的原因是 Registry 仍在使用启动时配置的存储路径，或它在磁盘挂载之前就已启动。请对比它的启动时间与配置、挂载的变更时间；重启会让它重新读取两者。在两个数字一致之前，不要删除任何东西。`,
  };
}

function storageEmpty({ path: root, lastGoodAt, wasUsed }: FindingOf<'storage-empty'>): FindingWords {
  if (!wasUsed) {
    return {
      title: say`存储 ${path(root)} 中没有仓库`,
      because: say`Registry 可以使用它，但它是空的。新的 Registry 本应如此；但磁盘未挂载时看起来也一样。`,
      remedy: say`如果这个 Registry 曾有镜像，不要推送。请对照 /etc/fstab 检查实际的挂载（findmnt），并挂载缺少的磁盘。`,
    };
  }
  const last = lastGoodAt === null ? [] : say`最后一次是在 ${dateAndTime(new Date(lastGoodAt * 1000).toISOString())}。`;
  return {
    title: say`存储 ${path(root)} 中没有仓库，而这个 Registry 曾有镜像`,
    because: say`它的日志或它自己的列表中有 manifest 或 blob，所以它不是新的 Registry。${last}目录为空时健康检查也显示正常，而推送会写到错误的地方。`,
    remedy: say`不要推送，也不要在这里做任何修改。请对照 /etc/fstab 检查实际的挂载（findmnt），并挂载缺少的磁盘；镜像多半在一块未挂载的磁盘上。`,
  };
}

function contentsNotJudged(finding: FindingOf<'contents-not-judged'>, { service, host }: FindingContext): FindingWords {
  return {
    title: say`${subjectAtStart(service)} 能否使用 ${path(finding.path)} 之下的内容，未知`,
    because: say`它可以使用存储根目录本身。其下的内容均无法判断：${reasonClause(finding.why)}。`,
    remedy: say`为登录用户配置 sudo（${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容），并在 ${host} 上装有 GNU find 和 setpriv（util-linux），我就能以 Registry 的用户身份实测。`,
  };
}
