import type { Review } from '../../model/plan/decision.ts';
import type { Plan } from '../../model/plan/plan.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { approveLabel } from './plan-card.ts';

/** What a form says that asks a person for what their decision needs. Titles and buttons have at most 24 characters. */

export const REASON_FORM = {
  title: 'Reject a plan',
  label: 'Why?',
  submit: 'Reject',
  close: 'Back',
  empty: 'Enter a reason. It is recorded and shown in the thread.',
} as const;

export function reasonExplanation(plan: Plan): readonly Phrase[] {
  return [
    say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))}`,
    say`A rejected plan never runs, and nothing on ${plan.host} is changed. Your reason is recorded and shown in the thread.`,
  ];
}

export const SIGNATURE_FORM = {
  title: 'Sign a plan',
  label: 'Your signature',
  close: 'Back',
  empty: 'Paste the signature that `registry-doctor sign` printed.',
} as const;

/** The form's button. It has at most 24 characters, so an undo says there only that it approves. */
export function signatureSubmit({ plan, review }: { readonly plan: Plan; readonly review: Review }): string {
  const label = approveLabel(plan, review);
  return label.length <= MAX_SUBMIT ? label : 'Approve and run';
}

const MAX_SUBMIT = 24;

/** `isShown`: whether the text to sign is below. */
export function signatureExplanation(plan: Plan, isShown: boolean): readonly Phrase[] {
  const how = isShown
    ? say`On the machine that has your SSH key, run ${code('registry-doctor sign - --key KEYFILE')}, paste the text below, check what it shows, and paste the signature here.`
    : say`The plan is too long to show here. On the machine that has the record, run ${code(`registry-doctor sign ${plan.id} --config FILE --key KEYFILE`)}, check what it shows, and paste the signature here.`;
  return [
    say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))} · high access risk`,
    say`${plan.host} only runs high-risk plans that an approver has signed with their own SSH key. ${how}`,
  ];
}

/** Slack gives three seconds for opening a form. */
export function formNotOpened(): Phrase {
  return say`I couldn’t open the form in time. Nothing was decided. Click again.`;
}
