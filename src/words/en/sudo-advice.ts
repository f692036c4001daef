import type { SudoProblem } from '../../model/connection/no-answer.ts';

/** What to do if sudo runs nothing on a host. Commands are in backticks. */
export function sudoAdvice(problem: SudoProblem, host: string): string {
  const setup = `\`registry-doctor host setup ${host}\``;
  switch (problem) {
    case 'not-allowed':
      return `Install the sudoers rule that ${setup} prints`;
    case 'missing':
      return `Install sudo on ${host}, then follow ${setup}`;
    case 'wants-terminal':
      return `In sudoers the last line about requiretty wins: put the one with \`!requiretty\` that ${setup} prints after it`;
  }
}
