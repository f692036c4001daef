import type { FindingOf } from '../../model/diagnosis/finding.ts';
import type { FindingContext, FindingWords, WordsById } from '../finding-words.ts';
import { path, quoted } from '../from-host.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shellQuote } from '../shell-quote.ts';
import { CANNOT_REACH, subject, subjectAtStart } from './finding-words.ts';
import { between } from './spacing.ts';

/** Words for what blocks the service though owner, mode and ACL would let it pass. */
export const OBSTACLE_WORDS = {
  'immutable-directory': { headline: 'Registry 无法写入存储目录', words: immutableDirectory },
  'protected-symlink': { headline: CANNOT_REACH, words: protectedSymlink },
  'nosymfollow-mount': { headline: CANNOT_REACH, words: nosymfollowMount },
  'security-module-denies': {
    headline: '很可能是安全模块拦住对 Registry 存储的访问',
    words: securityModuleDenies,
  },
} satisfies Partial<WordsById>;

function immutableDirectory({ path: root }: FindingOf<'immutable-directory'>): FindingWords {
  const directory = shellQuote(root);
  return {
    title: say`存储 ${path(root)} 不可变（immutable）`,
    because: say`它有 ${code('i')} 属性（用 ${code(`lsattr -d ${directory}`)} 查看）：连 root 也无法在其中创建任何东西，每次推送都会失败（“operation not permitted”）。Registry 的健康检查只读不写，因此仍可能通过。`,
    remedy: say`这是有人特意设置的：查明是谁、为什么。然后用 ${code(`chattr -i ${directory}`)} 去掉它。修改权限或属主没有用，在此之前也无法修改。`,
  };
}

function protectedSymlink(finding: FindingOf<'protected-symlink'>, { service }: FindingContext): FindingWords {
  const { path: link, target, linkOwner, directory, directoryOwner } = finding;
  return {
    title: say`内核不允许 ${subject(service)} 跟随符号链接 ${path(link)}`,
    because: say`它指向 ${quoted(target)}，属主是 ${quoted(linkOwner)}。它在 ${path(directory)} 中，该目录带粘滞位（sticky）且所有人可写。在这样的目录中，当符号链接是路径的最后一级时，账号只能跟随自己的符号链接和目录属主（${quoted(directoryOwner)}）的符号链接（fs.protected_symlinks）。root 也不例外。`,
    remedy: say`存储路径不要经过所有人可写的目录：在 Registry 的配置中填写真正的目录（${code('rootdirectory')}）。如果必须保留该符号链接，先确认它指向哪里，再把它的属主改为该目录的属主：${code(`chown -h --reference=${shellQuote(directory)} ${shellQuote(link)}`)}。不要关闭 fs.protected_symlinks。`,
  };
}

function nosymfollowMount(finding: FindingOf<'nosymfollow-mount'>): FindingWords {
  const { path: link, target, mountPoint } = finding;
  return {
    title: say`存储路径上的符号链接 ${path(link)} 不会被跟随`,
    because: say`它指向 ${quoted(target)}，而 ${path(mountPoint)} 的挂载带有 ${code('nosymfollow')} 选项：连 root 也无法在那里跟随符号链接（“too many levels of symbolic links”）。`,
    remedy: say`在 Registry 的配置中填写真正的目录（${code('rootdirectory')}）。或查明为什么设置这个选项，从 /etc/fstab 中去掉它并重新挂载（${code(`mount -o remount,symfollow ${shellQuote(mountPoint)}`)}）。`,
  };
}

function securityModuleDenies(finding: FindingOf<'security-module-denies'>, { service }: FindingContext): FindingWords {
  const { path: root, module, label, words, toldBy } = finding;
  const confined = label === null ? [] : say`（${quoted(label)}）`;
  const where = toldBy === 'health' ? '在 /debug/health 中' : '在日志中';
  return {
    title: say`很可能是${between(NAMES[module])}拦住对 Registry 存储 ${path(root)} 的访问`,
    because: say`${subjectAtStart(service)} 按属主、权限位和 ACL 都有权限：以它的 uid 和 gid 实测，内核允许访问。但 Registry ${where}报告 ${quoted(words)}，而且它的进程受${between(say`${NAMES[module]}${confined}`)}限制，从外部实测触及不到这种限制。`,
    remedy: say`${REMEDIES[module](shellQuote(root))}修改权限没有用。`,
  };
}

const NAMES = { selinux: say`SELinux`, apparmor: say`AppArmor`, other: say`安全模块` } as const;

const REMEDIES: Readonly<Record<FindingOf<'security-module-denies'>['module'], (root: string) => Phrase>> = {
  selinux: (root) =>
    say`检查被拒绝的是什么（${code('ausearch -m AVC -ts recent')}），以及标签（${code(`ls -Zd ${root}`)}）。迁移过的存储会保留原来的标签：添加新路径（${code('semanage fcontext -a -e OLD NEW')}），再重新打标签（${code(`restorecon -R ${root}`)}）。`,
  apparmor: (root) =>
    say`检查被拒绝的是什么（${code('journalctl -k --grep apparmor')}），在配置文件（profile）中允许 ${code(root)}，再重新加载（${code('apparmor_parser -r')}）。`,
  other: () => say`在内核日志中检查被拒绝的是什么（${code('journalctl -k')}）。`,
};
