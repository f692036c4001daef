import { type GuardReason, missingProgram, OF_UTIL_LINUX } from '../../model/plan/guard-reason.ts';
import { visibleText } from '../visible-text.ts';

/** What to do on a host whose guard would run no plan, as a sentence without a full stop. Commands are in backticks. */
export function planAdvice(because: GuardReason, host: string): string {
  const program = missingProgram(because);
  if (program !== null) {
    const source = OF_UTIL_LINUX.has(program) ? 'util-linux 的 ' : '';
    return `请在 ${host} 上安装 ${source}\`${visibleText(program)}\`，放在 root 的 PATH 所含的目录中（\`/usr/bin\`）`;
  }
  switch (because.code) {
    case 'shell-closes-files':
      return `请把 ${host} 的 \`/bin/sh\` 改为指向 dash 或 bash 的链接`;
    case 'record-disk-full':
      return `请在 ${host} 的该文件系统上释放空间`;
    case 'record-place-of-other':
      return `否则请在 ${host} 上更正它的所有者和权限`;
    default:
      return `请在 ${host} 上纠正这一点`;
  }
}
