import type { ConfigNote, HealthSilence, PartTrouble } from '../../model/health.ts';
import { clock } from '../moment.ts';
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

export const DRAINED = '机器人已完成手头的工作并退出。';

export function stillDraining(seconds: number): string {
  return `已请求机器人完成手头的工作并退出，但 ${seconds} 秒后它仍在运行。请查看它的日志。`;
}

export function partLine(name: string, why: PartTrouble | null): string {
  return why === null ? `${name}：正常` : `${name}：异常：${partTrouble(why)}`;
}

/** What a person should know of a part that works, after its line. */
export function noteLine(configFile: string, note: ConfigNote): string {
  return configNote(configFile)(note);
}

const configNote = (configFile: string) =>
  sentences<ConfigNote>({
    'reload-refused': ({ at, problems, more }) =>
      [
        `${clock({ kind: 'time', at, precision: 'date-and-time' })} 未能重新加载配置文件，机器人仍使用之前的配置：`,
        ...problems.map((problem) => `  “${problem}”`),
        ...(more > 0 ? [`  另有 ${more} 个问题`] : []),
        `请运行 registry-doctor check --config ${configFile} 检查，然后重新加载。`,
      ].join('\n'),
    'needs-restart': ({ keys }) => `${keys.join('、')} 的新值在重启机器人后生效。`,
  });

const healthSilence = sentences<HealthSilence>({
  'no-report': () => '回答不是健康报告',
  'too-long': ({ maxBytes }) => `回答超过 ${maxBytes} 字节`,
  failed: ({ said }) => `“${said}”`,
});
