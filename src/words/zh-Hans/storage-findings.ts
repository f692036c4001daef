import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { directoryMode } from '../mode.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { lacking } from './access.ts';
import { CANNOT_REACH, identity, subject, subjectAtStart } from './finding-words.ts';
import { likelyWords } from './likely-reasons.ts';
import { textList } from './list.ts';
import { noChmodWords, plannedWords } from './mode-remedies.ts';
import { reasonClause } from './reasons.ts';

/** Words for what is wrong with the storage path, or could not be judged on it. */
export const STORAGE_WORDS = {
  'untraversable-ancestor': { headline: CANNOT_REACH, words: untraversableAncestor },
  'storage-root-unusable': { headline: 'Registry 无法使用存储目录', words: storageRootUnusable },
  'dangling-link': { headline: CANNOT_REACH, words: danglingLink },
  'storage-root-missing': { headline: CANNOT_REACH, words: storageRootMissing },
  'not-a-directory': { headline: CANNOT_REACH, words: notADirectory },
  'symlink-loop': { headline: CANNOT_REACH, words: symlinkLoop },
  'readonly-mount': { headline: 'Registry 无法写入存储目录', words: readonlyMount },
  'access-disagreement': { headline: '文件权限与内核的实测结果不一致', words: accessDisagreement },
  'path-not-visible': { headline: '存储路径的一部分无法检查', words: pathNotVisible },
  'access-not-judged': { headline: '无法检查对存储目录的访问', words: accessNotJudged },
} satisfies Partial<WordsById>;

function untraversableAncestor(finding: FindingOf<'untraversable-ancestor'>, context: FindingContext): FindingWords {
  const { throughLink: link } = finding;
  const way = link ? say`存储路径经过符号链接 ${path(link.path)} → ${quoted(link.target)}。` : [];
  return {
    title: say`${subjectAtStart(context.service)} 无法穿过目录 ${path(finding.path)}（缺少 x 权限）`,
    because: say`${identity(context.service)}在这里被拦住：${why(finding, 'x')}。${ownership(finding)}${way}`,
    remedy: finding.noChmod ? noChmodWords(finding.noChmod, finding, context) : plannedWords(finding, context, 'x'),
  };
}

const USES = { search: '进入', list: '列出', create: '在其中创建文件' } as const;
const LETTERS = { search: 'x', list: 'r', create: 'wx' } as const;
const SHIFT = { owner: 6, group: 3, other: 0 } as const;

function storageRootUnusable(finding: FindingOf<'storage-root-unusable'>, context: FindingContext): FindingWords {
  const uses = textList(
    finding.lacking.map((use) => USES[use]),
    'or',
  );
  const missing = lettersLacking(finding);
  return {
    title: say`${subjectAtStart(context.service)} 能到达存储目录 ${path(finding.path)}，但无法${uses}`,
    because: say`${identity(context.service)}在这里权限不足：${why(finding, missing)}。${ownership(finding)}Registry 的健康检查只测试该目录是否存在，因此仍可能通过。`,
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
  return say`该目录的权限是 ${code(directoryMode(mode))}（${mode}），属主和属组是 ${quoted(`${owner}:${group}`)}。`;
}

const MOUNT_FIRST =
  '最常见的原因是磁盘未挂载，或挂载的磁盘不对。请对照 /etc/fstab 检查实际的挂载（findmnt），挂载缺少的磁盘，然后重新诊断。不要手动创建该目录：否则新镜像会写到错误的磁盘上，旧镜像仍然看不到。';
const GREEN_ALL_THE_SAME = 'Registry 的健康检查把缺少的目录视为正常：可以登录，但镜像列表为空，每次推送都会失败。';

function danglingLink({ path: link, target, missing }: FindingOf<'dangling-link'>): FindingWords {
  return {
    title: say`存储路径上的符号链接 ${path(link)} 已失效`,
    because: say`它指向 ${quoted(target)}，而 ${path(missing)} 不存在。${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function storageRootMissing({ path: missing }: FindingOf<'storage-root-missing'>): FindingWords {
  return {
    title: say`存储路径上的 ${path(missing)} 不存在`,
    because: say`Registry 配置中的存储路径需要它。${GREEN_ALL_THE_SAME}`,
    remedy: say`${MOUNT_FIRST}`,
  };
}

function notADirectory({ path: place }: FindingOf<'not-a-directory'>): FindingWords {
  return {
    title: say`存储路径上的 ${path(place)} 不是目录`,
    because: say`存储路径在这里需要一个目录。`,
    remedy: say`查明它是怎么来的（检查属主和日期），再把目录放回原处。对此我不提出方案。`,
  };
}

function symlinkLoop({ path: link }: FindingOf<'symlink-loop'>): FindingWords {
  return {
    title: say`存储路径经过的符号链接过多`,
    because: say`Linux 最多跟随 40 个符号链接，遇到下一个就放弃（“too many levels of symbolic links”）：${path(link)}。通常是其中两个互相指向对方。`,
    remedy: say`检查 ${path(link)} 指向哪里，让它指向真正的目录。对此我不提出方案。`,
  };
}

function readonlyMount({ path: root, mountPoint, setUp }: FindingOf<'readonly-mount'>): FindingWords {
  return {
    title: say`存储所在的文件系统以只读方式挂载`,
    because: say`${path(root)} 位于 ${path(mountPoint)}，后者不接受写入：每次推送都会失败。${SET_UP[setUp ?? 'unknown']}Registry 的健康检查只读不写，因此仍可能通过。`,
    remedy: say`${readonlyRemedy(mountPoint, setUp)}修改权限没有用。`,
  };
}

function readonlyRemedy(mountPoint: HostPath, setUp: FindingOf<'readonly-mount'>['setUp']): Phrase {
  switch (setUp) {
    case 'read-only':
      return say`查明为什么这样配置（迁移、快照、磁盘故障）。如果它应当可写，从 /etc/fstab 中它的那一行去掉 ${code('ro')}，再重新挂载：${code(`mount -o remount,rw ${shellQuote(mountPoint)}`)}。`;
    case 'for-process-alone':
      return say`让它对 Registry 可写，再重启 Registry：在 systemd 单元的 ${code('ReadWritePaths=')} 中列出它（${code('ProtectSystem=')} 会把其余部分都设为只读），或挂载容器的卷时不加 ${code(':ro')}。`;
    default:
      return say`先查看内核日志（${code('journalctl -k')}）：文件系统会自动变为只读，以保护有故障的磁盘。检查磁盘并运行 fsck，再以可写方式重新挂载。`;
  }
}

const SET_UP = {
  writable: '/etc/fstab 以可写方式挂载它，所以是它自动变为只读，或有人在启动后重新挂载过它。',
  'read-only': '/etc/fstab 以只读方式挂载它。',
  'for-process-alone': '该目录在主机上可写：只有 Registry 自己的挂载把它设为只读。',
  unknown: '',
} as const;

const OPERATIONS = { search: '穿过它', stat: '到达它', list: '列出它', create: '在其中创建文件' } as const;
const EVALUATED = { allowed: '可以', denied: '无法' } as const;
const TRIED = { allowed: '允许', denied: '拒绝' } as const;

function accessDisagreement(
  finding: FindingOf<'access-disagreement'>,
  { service, host }: FindingContext,
): FindingWords {
  const { evaluated, tried, operation, likely } = finding;
  return {
    title: say`在 ${path(finding.path)}，读到的权限与内核的实测结果不一致`,
    because: say`按权限位和 ACL，${subject(service)} ${EVALUATED[evaluated]}${OPERATIONS[operation]}；在 ${host} 上实测，结果是${TRIED[tried]}。因此两者都未得到证实。`,
    remedy: say`${likelyWords(likely, tried)}没有证据，我不提出方案。请重新诊断；如果仍然如此，先检查上述原因。`,
  };
}

function pathNotVisible(
  { path: place, why: reason }: FindingOf<'path-not-visible'>,
  { host }: FindingContext,
): FindingWords {
  return {
    title: say`无法检查 ${path(place)}`,
    because: say`${reasonClause(reason)}。它本身及其以下的内容均未检查。`,
    remedy: say`让登录用户在 ${host} 上能通过 sudo 运行检查，然后重新诊断：${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容。`,
  };
}

function accessNotJudged(finding: FindingOf<'access-not-judged'>, { service, host }: FindingContext): FindingWords {
  return {
    title: say`${subjectAtStart(service)} 能否使用 ${path(finding.path)}，未知`,
    because: say`无法判断：${reasonClause(finding.why)}。`,
    remedy: say`为登录用户配置 sudo（${code(`registry-doctor host setup ${host}`)} 会打印需要安装的内容），并在 ${host} 上安装软件包 acl 和 util-linux，我就能以 Registry 的用户身份实测访问。`,
  };
}
