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
  if (step) return say`只补上缺少的权限：${code(stepCommand(step))}。下面的方案会在获批后执行。`;
  return say`缺少的权限：${CLASSES[finding.decidedBy]}的 ${letters}。暂不提出方案，因为路径上还有别的问题须先修复：见其他诊断结果。`;
}

const CLASSES = {
  owner: '属主',
  group: '属组',
  other: '其他用户',
  'named-user': 'ACL 条目',
  'named-group': 'ACL 条目',
} as const;

/** What to do where no change of mode bits is right. */
export function noChmodWords(reason: NoChmod, finding: ModeFinding, { service, host }: FindingContext): Phrase {
  const directory = shellQuote(finding.path);
  const uid = service?.uid ?? null;
  switch (reason) {
    case 'acl':
      return uid === null
        ? say`不要在这里用 chmod：起决定作用的是 ACL。用 ${code(`getfacl ${directory}`)} 查看，再用 setfacl 补上 Registry 的用户所需的权限。`
        : say`不要在这里用 chmod：起决定作用的是 ACL，用 chmod 改属组的权限位会改变其中每个账号的访问权限。用 ${code(`getfacl ${directory}`)} 查看。为 Registry 的用户加一个条目即可修复：${code(`setfacl -m u:${uid}:${aclPermissions(finding)} ${directory}`)}。之后检查它的 mask。`;
    case 'acl-unknown':
      return say`在查清它的 ACL 之前不要用 chmod：如果有 ACL，属组的权限位就是它的 mask。请在 ${host} 上安装软件包 acl，然后重新诊断。`;
    case 'would-open-to-all':
      return say`不要在这里用 chmod：Registry 适用的是“其他用户”的权限，修改会让所有账号得到同样的访问权限。请先确认还有谁在使用这个目录，再把 Registry 的用户设为属主：${code(`chown ${uid ?? 'USER'} ${directory}`)}。`;
    case 'world-writable':
      return say`这个目录所有人可写，我不会让目录保持这种状态。查明是谁放开的，去掉这个权限（${code(`chmod o-w ${directory}`)}），然后重新诊断。`;
    case 'protected-path':
      return say`这是系统目录，我从不修改。查明是谁限制的、为什么；正确的权限位由它所属的软件包规定。`;
    case 'attribute':
      return say`它有不可变（immutable）或仅追加（append-only）属性，连 root 也无法修改它的权限位。这是有人特意设置的：查明是谁、为什么（${code(`lsattr -d ${directory}`)}），去掉该属性（${code(`chattr -ia ${directory}`)}），然后重新诊断。`;
    case 'readonly-mount':
      return say`它所在的文件系统以只读方式挂载，无法修改任何权限位。先查看内核日志（${code('journalctl -k')}）：磁盘出现故障时，文件系统会自动变为只读。`;
    case 'not-on-host':
      return say`只有 Registry 自己的进程能看到这个目录：它在容器里，${host} 上没有通往它的路径。请在镜像中改正权限位，或在容器内修改（在容器内执行 ${code(`chmod a+x ${directory}`)}，容器重建后会丢失）。更好的做法：把存储放在卷上。`;
    case 'modes-not-kept':
      return say`chmod 在这里不起作用：这个文件系统的权限位来自挂载选项。请在 /etc/fstab 中修改这些选项（uid=、gid=、umask=、allow_other），然后重新挂载。`;
  }
}

function aclPermissions(finding: ModeFinding): string {
  return finding.id === 'untraversable-ancestor' ? '--x' : 'rwx';
}
