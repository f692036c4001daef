import type { Review } from '../../model/plan/decision.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type * as English from '../en/plan-form.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { approveLabel } from './plan-card.ts';

/** What a form says that asks a person for what their decision needs. Titles and buttons have at most 24 characters. */

export const REASON_FORM: Readonly<Record<keyof typeof English.REASON_FORM, string>> = {
  title: '驳回方案',
  label: '理由',
  submit: '驳回',
  close: '返回',
  empty: '请填写理由。理由会写入记录，并显示在消息列中。',
};

export function reasonExplanation(plan: Plan): readonly Phrase[] {
  return [
    say`${bold(`方案 ${plan.id}`)}（${plan.host}）· 哈希 ${code(shortHash(plan.hash))}`,
    say`已驳回的方案不会再执行，${plan.host} 上不会有任何修改。你的理由会写入记录，并显示在消息列中。`,
  ];
}

export const SIGNATURE_FORM: Readonly<Record<keyof typeof English.SIGNATURE_FORM, string>> = {
  title: '签署方案',
  label: '你的签名',
  close: '返回',
  empty: '请粘贴 `registry-doctor sign` 输出的签名。',
};

/** The form's button. It has at most 24 characters, so a longer label says there only that it approves. */
export function signatureSubmit({ plan, review }: { readonly plan: Plan; readonly review: Review }): string {
  const label = approveLabel(plan, review);
  return label.length <= MAX_SUBMIT ? label : '批准并执行';
}

const MAX_SUBMIT = 24;

/** `isShown`: whether the text to sign is below. */
export function signatureExplanation(plan: Plan, isShown: boolean): readonly Phrase[] {
  const how = isShown
    ? say`请在存有你的 SSH 密钥的机器上运行 ${code('registry-doctor sign - --key KEYFILE')}，粘贴下面的文本，核对它显示的内容，再把签名粘贴到这里。`
    : say`方案过长，无法在此显示。请在存有审计记录的机器上运行 ${code(`registry-doctor sign ${plan.id} --config FILE --key KEYFILE`)}，核对它显示的内容，再把签名粘贴到这里。`;
  return [
    say`${bold(`方案 ${plan.id}`)}（${plan.host}）· 哈希 ${code(shortHash(plan.hash))} · 权限风险：高`,
    say`${plan.host} 只执行审批人用自己的 SSH 密钥签过名的高风险方案。${how}`,
  ];
}

/** Slack gives three seconds for opening a form. */
export function formNotOpened(): Phrase {
  return say`未能及时打开表单。未作出任何决定。请再次点击。`;
}
