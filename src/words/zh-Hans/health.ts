import type { HealthSilence, PartTrouble } from '../../model/health.ts';
import { sentences } from '../sentences.ts';
import { slackTrouble } from './slack-failure.ts';

/** How the bot is, and what `registry-doctor health` says of it. */

/** What is wrong with a part of the bot. */
export const partTrouble = sentences<PartTrouble>({
  'timed-out': ({ timeoutMs }) => `${timeoutMs / 1000} 秒内没有响应`,
  failed: ({ said }) => `“${said}”`,
  'not-connected': ({ trouble }) => (trouble === null ? '未连接到 Slack' : `未连接到 Slack：${slackTrouble(trouble)}`),
});

export function nobodyAnswers(record: string, socketFile: string): string {
  return `没有机器人为审计记录 ${record} 响应（套接字 ${socketFile}）。请检查机器人是否正以当前用户和这份配置运行。`;
}

export function noRecordYet(record: string): string {
  return `${record} 处没有审计记录，因此没有机器人以这份配置运行。请启动机器人，或检查 store.url。`;
}

export function healthUnknown(socketFile: string, why: HealthSilence): string {
  return `${socketFile} 背后的机器人没有给出回答：${healthSilence(why)}。请查看机器人的日志。`;
}

export function partLine(name: string, why: PartTrouble | null): string {
  return why === null ? `${name}：正常` : `${name}：异常：${partTrouble(why)}`;
}

const healthSilence = sentences<HealthSilence>({
  'no-report': () => '回答不是健康报告',
  'too-long': ({ maxBytes }) => `回答超过 ${maxBytes} 字节`,
  failed: ({ said }) => `“${said}”`,
});
