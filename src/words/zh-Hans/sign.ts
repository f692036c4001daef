import type { PlanState } from '../../model/plan/plan.ts';
import type { PlanId } from '../../model/record/ids.ts';

/** What `registry-doctor sign` says: what prevents a signature, and what was done. */

export const SIGN_QUESTION = '签名吗？[y/N] ';

export function planTextUnreadable(file: string, why: string): string {
  return `无法读取 ${file}：${why}。未签名。`;
}

export function planTextTooLarge(maxBytes: number): string {
  return `文件大于 ${maxBytes / 1024 / 1024} MiB，方案不会这么大`;
}

export function notAPlanDocument(line: number, expected: string): string {
  const wanted = expected === '' ? '文本在此之前就应结束' : `此处应为“${expected}”`;
  return `这不是方案文本：第 ${line} 行不对，${wanted}。未签名。请提供机器人显示的完整方案文本，从 registry-doctor-plan/2 到 end。`;
}

export function planIdNeedsConfig(plan: PlanId): string {
  return `错误：${plan} 是方案编号，因此须用 --config 指明审计记录的位置（如果指的是同名文件：./${plan}）`;
}

export function unknownPlan(plan: PlanId): string {
  return `审计记录中没有方案 ${plan}。未签名。`;
}

export function planChanged(plan: PlanId): string {
  return `方案 ${plan} 不是当初封存的方案：它在记录中被改动。未签名。请运行 \`registry-doctor audit verify\`，并原样保留该文件。`;
}

export function planIsOver(plan: PlanId, state: PlanState): string {
  return `方案 ${plan} ${STATES[state]}，因此不需要签名。未签名。`;
}

const STATES: Record<PlanState, string> = {
  proposed: '已就绪',
  approved: '已批准',
  executing: '正在执行',
  applied: '已执行完成',
  undone: '已自动回滚',
  failed: '执行失败',
  stale: '已失效',
  rejected: '已驳回',
  expired: '已过期',
  superseded: '已被新方案取代',
  withdrawn: '已撤回',
};

/** By this machine's clock. */
export function planExpired(plan: string): string {
  return `按本机时钟，方案 ${plan} 已过期。未签名。请重新诊断以获得新方案；不加 --yes 时，会询问你是否仍要签名。`;
}

export function noTerminal(): string {
  return '没有可用于询问的终端。未签名。请在能阅读方案并作答的地方运行；加 --yes 则不询问直接签名。';
}

export function notSigned(): string {
  return '未签名。';
}

export function signedBy(fingerprint: string): string {
  return `已用密钥 ${fingerprint} 签名。签名如下：`;
}
