import type { types } from '@slack/bolt';
import type { Words } from '../../../words/index.ts';
import type { DecisionOutcome } from '../../../workflow/requests.ts';
import { type FormOrigin, planForm } from './plan-form.ts';

const MAX_REASON = 1_000;
/** The size for an RSA key of 16384 bits. Slack's limit is 3000. */
const MAX_SIGNATURE = 3_000;
/** The texts of a form have a common limit, as those of a message do. */
const MAX_DOCUMENT = 9_000;

type Question = Extract<DecisionOutcome, { kind: 'ask-reason' | 'ask-signature' }>;

/** The form that asks the person for what a decision still needs. */
export function formFor(question: Question, origin: FormOrigin, words: Words): types.ModalView {
  const { plan } = question;
  if (question.kind === 'ask-reason') {
    const explanation = words.planForm.reasonExplanation(plan);
    return planForm({
      ...words.planForm.REASON_FORM,
      id: 'reject_plan_reason',
      origin,
      explanation,
      text: null,
      maxLength: MAX_REASON,
    });
  }
  const isShown = question.document.length <= MAX_DOCUMENT;
  return planForm({
    ...words.planForm.SIGNATURE_FORM,
    submit: words.planForm.signatureSubmit(question),
    id: 'approve_plan_signature',
    origin,
    explanation: words.planForm.signatureExplanation(plan, isShown),
    text: isShown ? question.document : null,
    maxLength: MAX_SIGNATURE,
  });
}
