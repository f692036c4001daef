import type { OutcomeReason, RecoveryDoubt, UnresolvedReason } from '../../model/plan/outcome-reason.ts';
import { plainText } from '../phrase.ts';
import { sentences } from '../sentences.ts';
import { guardReason } from './guard-reasons.ts';
import { noAnswer } from './no-answer.ts';
import { reasonClause } from './reasons.ts';
import { signingProblem } from './signing.ts';

/** Why a plan was not carried out, or why its outcome is not known: a clause, or a few sentences. */
export function outcomeReason(reason: OutcomeReason): string {
  switch (reason.code) {
    case 'no-answer':
      return noAnswer(reason.why);
    case 'not-signed-by-bot':
      return signingProblem(reason.why);
    case 'bot-restarted':
      return '机器人重启过';
    case 'other-steps':
      return '主机报告的步骤与方案中的不同';
    case 'may-still-start':
      return '主机尚未开始执行，但在方案于主机上过期之前，先前的请求仍可能使它开始';
    case 'expired-before-start':
      return '在主机上开始执行之前已过期';
    default:
      return guardReason(reason);
  }
}

/** Why a host is not asked how a plan ended, and what to do: a clause. */
export const unresolvedReason = sentences<UnresolvedReason>({
  'host-removed': () => '该主机已不在配置文件中；请把它加回配置文件并重启 Registry Doctor，之后会询问主机结果',
  'not-as-approved': () =>
    '保存的内容与批准的内容不同，因此不会询问该主机，也不会在该主机上执行别的方案；详情请用“registry-doctor audit verify”查看',
});

/** Why there is no proof that the registry recovered, in the same form. */
export function recoveryDoubt(doubt: RecoveryDoubt): string {
  switch (doubt.code) {
    case 'no-answer':
      return noAnswer(doubt.why);
    case 'registry-silent':
      return plainText(reasonClause(doubt.why));
    case 'still-unhealthy':
      return 'Registry 仍然报告自身异常';
    case 'host-removed':
      return '该主机已不在配置文件中';
  }
}
