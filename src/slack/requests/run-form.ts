import type { WebClient } from '@slack/web-api';
import { privateAnswer } from '../../words/en/answers.ts';
import { REASON_FORM, SIGNATURE_FORM } from '../../words/en/plan-form.ts';
import type { Log } from '../../workflow/ports.ts';
import type { Requests } from '../../workflow/requests.ts';
import { FormSubmission } from './form-submission.ts';
import { type FormId, INPUT } from './plan-form.ts';
import { replyToForm } from './reply-to-form.ts';

const EMPTY: Record<FormId, string> = {
  reject_plan_reason: REASON_FORM.empty,
  approve_plan_signature: SIGNATURE_FORM.empty,
};

/** What Slack shows beside the input of a form that it keeps open; null: the form is complete, or none that can be read. */
export function problemInForm(body: unknown): Record<string, string> | null {
  const sent = FormSubmission.safeParse(body);
  return sent.success && sent.data.view.typed === '' ? { [INPUT.block]: EMPTY[sent.data.view.id] } : null;
}

/** The decision that a form brings; called after Slack has its acknowledgement. */
export async function runForm(
  form: FormSubmission,
  { requests, client, log }: { readonly requests: Requests; readonly client: WebClient; readonly log: Log },
): Promise<void> {
  const { user, view } = form;
  // An empty form stays open at the person's; what is done of it is nothing.
  if (view.typed === '') return;
  const { planId, planHash, channel } = view.origin;
  const who = { planIdText: planId, planHash, by: { team: user.team_id, user: user.id }, channel };
  const outcome = await requests.decide(
    view.id === 'reject_plan_reason'
      ? { ...who, verdict: 'rejected', reason: view.typed }
      : { ...who, verdict: 'approved', signature: view.typed },
  );
  if (outcome.kind === 'answer') await replyToForm(form, privateAnswer(outcome.answer), { client, log });
}
