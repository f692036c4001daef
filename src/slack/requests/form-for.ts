import type { types } from '@slack/bolt';
import type { Words } from '../../words/index.ts';
import type { DecisionOutcome } from '../../workflow/requests.ts';
import { type FormOrigin, planForm } from './plan-form.ts';

const MAX_REASON = 1_000;
/** Of an RSA key of 16384 bits; Slack takes no more than 3000. */
const MAX_SIGNATURE = 3_000;
/** All the text of a form together has a limit, as that of a message has. */
const MAX_DOCUMENT = 9_000;

type Question = Extract<DecisionOutcome, { kind: 'ask-reason' | 'ask-signature' }>;

/** The form by which a decision gets what it still needs of the person. */
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
