import type { WebClient } from '@slack/web-api';
import type { Words } from '../../../words/index.ts';
import type { Requests } from '../../../workflow/requests.ts';
import type { WordsOf } from '../../people/reader-words.ts';
import type { Replying } from '../private-reply.ts';
import { FormSubmission } from './form-submission.ts';
import { type FormId, INPUT } from './plan-form.ts';
import { replyToForm } from './reply-to-form.ts';

/** A form without input. Null: it is complete or unreadable. */
export function incompleteForm(body: unknown): FormSubmission | null {
  const sent = FormSubmission.safeParse(body);
  return sent.success && sent.data.view.typed === '' ? sent.data : null;
}

/** The text that Slack shows beside the input of a form that stays open. */
export function problemInForm({ view }: FormSubmission, { planForm }: Words): Record<string, string> {
  const empty: Record<FormId, string> = {
    reject_plan_reason: planForm.REASON_FORM.empty,
    approve_plan_signature: planForm.SIGNATURE_FORM.empty,
  };
  return { [INPUT.block]: empty[view.id] };
}

type Needs = Replying & {
  readonly requests: Requests;
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
};

/** The decision in a form, after Slack has its acknowledgement. */
export async function runForm(form: FormSubmission, { requests, client, wordsOf, ...replying }: Needs): Promise<void> {
  const { user, view } = form;
  // An empty form stays open for the user and has no effect.
  if (view.typed === '') return;
  const { planId, planHash, channel } = view.origin;
  const who = { planIdText: planId, planHash, by: { team: user.team_id, user: user.id }, channel };
  const outcome = await requests.decide(
    view.id === 'reject_plan_reason'
      ? { ...who, verdict: 'rejected', reason: view.typed }
      : { ...who, verdict: 'approved', signature: view.typed },
  );
  if (outcome.kind !== 'answer') return;
  const words = await wordsOf(user.id);
  await replyToForm(form, words.answers.privateAnswer(outcome.answer), { client, words, ...replying });
}
