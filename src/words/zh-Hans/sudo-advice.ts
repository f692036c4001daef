import type { SudoProblem } from '../../model/connection/no-answer.ts';

/** What to do if sudo runs nothing on a host. Commands are in backticks. */
export function sudoAdvice(problem: SudoProblem, host: string): string {
  const setup = `\`registry-doctor host setup ${host}\``;
  switch (problem) {
    case 'not-allowed':
      return `请安装 ${setup} 输出的 sudoers 规则`;
    case 'missing':
      return `请在 ${host} 上安装 sudo，然后按 ${setup} 的说明操作`;
    case 'wants-terminal':
      return `sudoers 中最后一条关于 requiretty 的设置生效：请把 ${setup} 输出的带有 \`!requiretty\` 的那一行放在它之后`;
  }
}
