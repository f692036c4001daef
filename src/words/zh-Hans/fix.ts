import type { PlanState } from '../../model/plan/plan.ts';
import type { HostName, IncidentId, PlanId } from '../../model/record/ids.ts';
import { planStateWords } from './answers.ts';

/** What `registry-doctor fix` says: what prevents it, what was not done, what to do next. */

export const FIX_QUESTION =
  '输入不经 Slack 批准、立即执行该方案的理由。理由会写入记录。按回车执行方案，按 Ctrl-C 取消。\n理由：';

export function fixNotConfigured(): string {
  return '配置中没有应急通道（break glass）密钥（breakGlass.allowedSigners）。未检查也未修改任何内容。请在该配置项中写明密钥文件（方法见 docs/break-glass.md），或在 Slack 中批准方案。';
}

export function fixUnreadable(file: string): string {
  return `无法读取 ${file}。未检查也未修改任何内容。请把该文件放在那里，让你有权读取，然后重试：fix 需要应急通道的密钥列表和你自己的密钥。`;
}

export function fixNeedsTerminal(): string {
  return '没有可用于输入理由的终端。未检查也未修改任何内容。请在能阅读方案并作答的地方运行。';
}

export function fixNoPlan(host: HostName): string {
  return `${host} 没有可以执行的方案。未做任何修改。`;
}

/** The plan was not run by this; `state` is its state now. */
export function fixRefused(why: string, plan: PlanId, state: PlanState): string {
  const rest = state === 'proposed' ? '仍在等待 Slack 中的批准' : planStateWords(state);
  return `${why}未执行任何操作。方案 ${plan} ${rest}。`;
}

export const FIX_NO_REASON = '未填写理由。';

export function fixReasonTooLong(max: number): string {
  return `理由超过 ${max} 个字符。`;
}

export function fixKeyRefused(why: string): string {
  return `${why}这次尝试已写入记录。`;
}

export function fixRunning(plan: PlanId, host: HostName): string {
  return `正在 ${host} 上执行方案 ${plan} …`;
}

export const FIX_KEEPS_ASKING = '按 Ctrl-C 停止等待；方案会继续在主机上执行。';

export const FIX_ENDING = '主机响应后即结束。再按一次 Ctrl-C 立即结束；方案会继续在主机上执行。';

/** The waiting was ended, and there is no outcome yet. */
export function fixBrokeOff(plan: PlanId, host: HostName): string {
  return `方案 ${plan} 已批准，但执行结果未知：${host} 可能已被修改。请不要手动重复执行这些命令。机器人或 \`registry-doctor fix ${host} --key KEYFILE\` 会询问主机。`;
}

export function fixWaits(plan: PlanId, host: HostName): string {
  return `方案 ${plan} 已批准，正在等待 ${host} 的另一个方案完成，尚未做任何修改。那个方案完成后，机器人会执行它；如果机器人没有运行，\`registry-doctor fix ${host} --key KEYFILE\` 会生成新方案。`;
}

export function fixBy(principal: string, fingerprint: string): string {
  return `${principal}（${fingerprint}）使用应急通道（break glass）。正在执行。`;
}

/** The registry's own answer after the change; `isWell` is null if it was not asked. */
export function fixRegistry(host: HostName, isWell: boolean | null): string {
  if (isWell === null) return `未再次询问 ${host} 上的 Registry。请检查：\`registry-doctor diagnose ${host}\``;
  return isWell
    ? `${host} 已恢复正常（依据 Registry 自身的响应）。`
    : `${host} 尚未恢复正常（依据 Registry 自身的响应）。`;
}

export function fixOnRecord(incident: IncidentId): string {
  return `已记录为故障 ${incident}（\`registry-doctor audit export ${incident}\`）。Slack 可用后，机器人会把它发到故障频道。`;
}
