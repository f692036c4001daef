import type * as English from '../en/usage.ts';
import { sentences } from '../sentences.ts';
import { OPTION_EXAMPLES, type UsageProblem } from '../usage-problem.ts';

/** The frame of the help of the command line, and what is wrong with its arguments. */

export const HELP = {
  usage: '用法：',
  arguments: '参数：',
  options: '选项：',
  commands: '命令：',
  help: '显示命令的帮助',
  version: '输出版本号',
  choices: (choices: readonly string[]) => `（可选值：${choices.join('、')}）`,
  byDefault: (value: string) => `（默认：${value}）`,
} as const satisfies Record<keyof typeof English.HELP, unknown>;

export const usageProblem = sentences<UsageProblem>({
  'missing-argument': ({ name }) => `错误：缺少必需的参数“${name}”`,
  'missing-option': ({ option }) => {
    const example = OPTION_EXAMPLES.get(option);
    return `错误：缺少必需的选项“${option}”${example === undefined ? '' : `，例如 ${example}`}`;
  },
  'option-without-value': ({ option }) => `错误：选项“${option}”缺少值`,
  'option-value': ({ option, value, why }) => `错误：选项“${option}”的值“${value}”无效：${why}`,
  'option-choice': ({ option, value, choices }) =>
    `错误：选项“${option}”的值“${value}”无效。可选值：${choices.replaceAll(', ', '、')}。`,
  'argument-value': ({ name, value, why }) => `错误：参数“${name}”的值“${value}”无效：${why}`,
  'unknown-option': ({ name, nearest }) => `错误：未知的选项“${name}”${didYouMean(nearest)}`,
  'unknown-command': ({ name, nearest }) => `错误：未知的命令“${name}”${didYouMean(nearest)}`,
  'too-many-arguments': ({ command, expected, given }) =>
    `错误：${command === null ? '' : `命令“${command}”的`}参数过多：应为 ${expected} 个，实际为：${given}`,
});

function didYouMean(nearest: string | null): string {
  return nearest === null ? '' : `\n（你要输入的是 ${nearest.replaceAll(', ', '、')} 吗？）`;
}
