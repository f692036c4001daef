import type { FindingOf } from '../../model/diagnosis/finding.ts';
import { quoted } from '../from-host.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
import { reasonClause } from './reasons.ts';

type Disagreement = FindingOf<'access-disagreement'>;
type Likely = Disagreement['likely'][number];

/** Why the kernel's answer might differ from the modes, and where to look. */
export function likelyWords(likely: Disagreement['likely'], tried: Disagreement['tried']): Phrase {
  if (likely.length > 0) return say`很可能的原因：${separated(likely.map(reasonWords), '；或者')}。`;
  return tried === 'denied'
    ? say`起决定作用的是权限以外的因素，我未找到能指明它的线索：请查看内核日志和审计日志（${code('journalctl -k')}）。`
    : say`有可能它在两次检查之间被修改过。`;
}

function reasonWords({ reason, detail, why }: Likely): Phrase {
  const named = detail === null ? [] : say`（${quoted(detail)}）`;
  const unread = why === undefined ? [] : say`（${reasonClause(why)}）`;
  switch (reason) {
    case 'server':
      return say`文件服务器按自己的规则判断${named}，请检查它的导出配置，以及它把这个用户映射为哪个账号`;
    case 'fuse':
      return say`由 FUSE 守护进程判断${named}，请检查它的选项，首先是 ${code('allow_other')}`;
    case 'mount-options':
      return say`它的权限位来自挂载选项${named}`;
    case 'idmapped-mount':
      return say`它的挂载会映射属主${named}`;
    case 'security-module':
      return say`被安全模块拒绝${named}，请查看审计日志（${code('journalctl -k')}）`;
    case 'user-namespace':
      return say`Registry 在另一个用户命名空间中运行，它的 capability 在那里不起作用`;
    case 'acl-unread':
      return say`由未能读取的 ACL 决定${unread}`;
    case 'attribute-unread':
      return say`它不可变（immutable），而我无法读取该属性${unread}，请用 ${code('lsattr -d')} 检查`;
    case 'link-protection-unread':
      return say`fs.protected_symlinks 阻止它跟随其他账号的符号链接，请用 ${code('sysctl fs.protected_symlinks')} 检查`;
    case 'changed-in-between':
      return say`它刚刚被修改过`;
  }
}
