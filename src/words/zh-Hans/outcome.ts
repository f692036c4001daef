import type { TryResult } from '../../model/host/facts.ts';
import type { ApplyOutcome, StepRecord, Verification } from '../../model/plan/execution.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import { grouped } from '../moment.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { withStop } from './full-stop.ts';
import { outcomeReason, recoveryDoubt } from './outcome-reasons.ts';
import { kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { reasonClause } from './reasons.ts';
import { stateClause } from './state-seen.ts';
import { duration } from './time.ts';

/** The outcome of an approved plan on the host. */
export function outcomeSentence(plan: Plan, outcome: ApplyOutcome): Phrase {
  const { host } = plan;
  switch (outcome.kind) {
    case 'applied':
      return plan.undoes ? undone(plan, plan.undoes.id, outcome.tried) : done(plan, outcome.tried);
    case 'stale':
      return say`${unchanged(host)}${code(outcome.path)} 现在是 ${stateClause(outcome.found)}，而方案依据的是 ${stateClause(outcome.expected)}。`;
    case 'undone':
      return say`${bold(`已在 ${host} 上自动回滚：`)}${withStop(outcomeReason(outcome.why))}每个${kindsOf(plan.steps)}都已恢复到执行前的状态。`;
    case 'refused':
      return say`${unchanged(host)}${withStop(outcomeReason(outcome.why))}`;
    case 'undo-failed':
      return say`${bold(`请立即人工处理 ${host}：`)}修改失败，且无法回滚：${withStop(outcomeReason(outcome.why))}每个${kindsOf(plan.steps)}修改前后的状态：`;
    case 'never-started':
      return say`${unchanged(host)}方案未在该主机上开始执行。`;
    case 'running':
      return say`${bold(`${host} 上仍在执行。`)}我会继续查看，直到执行结束。`;
    case 'unknown':
      return say`${bold(`${host} 上的执行结果未知：`)}${withStop(outcomeReason(outcome.why))}我会继续询问主机，请不要手动执行这些命令。`;
  }
}

function unchanged(host: HostName): Phrase {
  return [bold(`${host} 上未做任何修改：`)];
}

function done(plan: Plan, tried: TryResult): Phrase {
  const changed = say`${bold('已完成：')}${plan.host} 上的 ${placesOf(plan.steps)}已按方案修改`;
  const who = serviceOf(plan);
  const use = useOf(plan);
  switch (tried.result) {
    case 'allowed':
      return say`${changed}，${who}可以${use}（已实测）。`;
    case 'denied':
      return say`${changed}，但 ${who}仍然无法${use}（已实测）。`;
    case 'failed':
      return say`${changed}。未能测试 ${who}能否${use}，原因：${reasonClause(tried.why)}。`;
  }
}

/** By a person, with a plan of its own. */
function undone(plan: Plan, before: Plan['id'], tried: TryResult): Phrase {
  const restored = say`${bold('已撤销：')}${plan.host} 上的 ${placesOf(plan.steps)}已恢复到方案 ${before} 之前的状态。`;
  const who = serviceOf(plan);
  const beside = usedBeside(plan);
  switch (tried.result) {
    case 'allowed':
      return say`${restored}${who}仍然可以${useOf(plan)}（已实测）。`;
    case 'denied':
      return beside === null
        ? say`${restored}${who}无法再访问存储目录（已实测）。Registry 再次出现故障。`
        : say`${restored}${who}无法完整使用${beside}（已实测）。`;
    case 'failed':
      return say`${restored}未能测试 ${who}能否${useOf(plan)}，原因：${reasonClause(tried.why)}。`;
  }
}

/** What the service does with what the plan is about: 访问存储目录. */
function useOf(plan: Plan): Phrase {
  const beside = usedBeside(plan);
  return beside === null ? say`访问存储目录` : say`使用${beside}`;
}

/** It ends with a bracket, so without a space after it. */
function serviceOf({ identity }: Plan): Phrase {
  return say`${code(visibleText(identity.user))}（uid ${identity.uid}）`;
}

/** What one directory or file was and is, on one line. */
export function stepChange({ before, after }: StepRecord, path: string): string {
  return before === after ? `${before}（未变）  ${path}` : `${before} → ${plainText(stateClause(after))}  ${path}`;
}

/** Over the changes, if they are folded. */
export function changesTitle({ steps }: Plan): string {
  return `修改前后：${placesOf(steps)}`;
}

/** The button that proposes the undo of a plan that was applied. */
export const UNDO = '撤销本次修复…';

/** The registry's own answer after a change. */
export function verificationSentence(host: HostName, verification: Verification): Phrase {
  if (verification.kind === 'not-well') {
    return say`${bold(`${host} 仍然异常`)}（修改后 ${duration(verification.afterMs)}）：${withStop(recoveryDoubt(verification.why))}`;
  }
  if (verification.kind === 'not-asked') {
    return say`${bold('未验证：')}${withStop(recoveryDoubt(verification.why))}请自行检查 ${host} 上的 Registry。`;
  }
  return say`${bold(`${host} 已恢复正常：`)}${answers(verification)}。`;
}

function answers({ v2, health }: Extract<Verification, { kind: 'well' }>): Phrase {
  const ofHealth = health === null ? [] : [say`健康检查返回 ${health.status}`];
  return separated([say`${code('/v2/')} 返回 ${v2.status}`, ...ofHealth], '，');
}

/** The button under an outcome that leaves something open. */
export const DIAGNOSE_AGAIN = '重新诊断';

export function stepRecordsLeftOut(amount: number, { steps }: Plan): string {
  const what = kindsOf(steps) === '目录' ? '个目录' : '个条目';
  return `… 另有 ${grouped(amount)} ${what}未在此显示`;
}
