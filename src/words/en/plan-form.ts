import type { Plan } from '../../model/plan.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shortHash } from './record.ts';

/** What a form says that asks somebody for what their decision needs. Titles and buttons have at most 24 characters. */

export const REASON_FORM = {
  title: 'Reject a plan',
  label: 'Why?',
  submit: 'Reject',
  close: 'Back',
  empty: 'A reason is wanted: it goes on record and into the thread.',
} as const;

export function reasonExplanation(plan: Plan): readonly Phrase[] {
  return [
    say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))}`,
    say`A rejected plan never runs, and nothing on ${plan.host} is changed. Your reason goes on record and into the thread.`,
  ];
}

export const SIGNATURE_FORM = {
  title: 'Sign a plan',
  label: 'Your signature',
  submit: 'Approve & run',
  close: 'Back',
  empty: 'Paste what `registry-doctor sign` has printed.',
} as const;

/** `isShown`: whether the text to sign stands below. */
export function signatureExplanation(plan: Plan, isShown: boolean): readonly Phrase[] {
  const how = isShown
    ? say`Where your key is, run ${code('registry-doctor sign - --key KEYFILE')}, paste the text below into it, read what it says, and bring back the signature that it prints.`
    : say`The plan is too long to be shown here. Where the record is, run ${code(`registry-doctor sign ${plan.id} --config FILE --key KEYFILE`)}, read what it says, and bring back the signature that it prints.`;
  return [
    say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))} · high risk`,
    say`${plan.host} takes a plan of high risk only with the signature of an approver's own SSH key. ${how}`,
  ];
}

/** Slack gives three seconds for opening a form. */
export function formNotOpened(): Phrase {
  return say`I could not open the form in time. Nothing was decided. Please click again.`;
}
