import type { NoAnswer } from '../../model/connection/no-answer.ts';
import type { HeldPlans } from '../../model/record/held-plans.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { SlackUnread } from '../../model/record/messages/slack-failure.ts';
import { grouped } from '../moment.ts';
import { noAnswer } from './no-answer.ts';
import { slackFailureClause } from './slack-failure.ts';

export function askingHost(host: HostName): string {
  return `正在询问 ${host} 上执行过的方案`;
}

export function agreesWithHost({ host, plans }: HeldPlans): string {
  if (plans.length === 0) return `${host} 上没有保存任何方案，审计记录中也没有方案在那里执行过。`;
  const checkpoints = plans.filter(({ checkpoint }) => checkpoint !== null).length;
  return `审计记录与 ${host} 上保存的内容一致：${grouped(plans.length)} 个方案，${grouped(checkpoints)} 个检查点。`;
}

export function hostNotCompared(host: HostName, why: NoAnswer): string {
  return `未能与 ${host} 对照：${noAnswer(why)}。请运行 \`registry-doctor check\`，然后重新验证。`;
}

export function hostPartlyCompared({ host, plans, held }: HeldPlans): string {
  return `${host} 上最早的 ${grouped(held - plans.length)} 个方案未对照：主机只告知最新的 ${grouped(plans.length)} 个。`;
}

export const READING_SLACK = '正在读取 Slack 中的消息列';

export function agreesWithSlack(posts: number): string {
  return `审计记录与 Slack 一致：共 ${grouped(posts)} 个帖子。`;
}

export function slackNotCompared({ channel, thread, why }: SlackUnread): string {
  const place = thread === null ? `频道 ${channel}` : `频道 ${channel} 中的消息列 ${thread}`;
  return `未能与 Slack 对照：${place}：${slackFailureClause(why)}。请运行 \`registry-doctor check\`，然后重新验证。`;
}

export function cosigned({ witness, entries, at }: Cosigned): string {
  return `见证方 ${witness} 于 ${at.toISOString()} 联署了前 ${grouped(entries)} 条记录。`;
}

export function notCosigned(witness: string): string {
  return `审计记录中没有见证方 ${witness} 的联署。`;
}

type Cosigned = { readonly witness: string; readonly entries: number; readonly at: Date };
