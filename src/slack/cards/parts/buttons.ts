import type { types } from '@slack/bolt';
import type { Plan } from '../../../model/plan/plan.ts';
import type { IncidentId } from '../../../model/record/ids.ts';
import type { StatusMessage } from '../../../model/record/messages/status-message.ts';
import type { ThreadMessage } from '../../../model/record/messages/thread-message.ts';
import type { Words } from '../../../words/index.ts';
import type { ActionId } from './action-ids.ts';
import { blockAbout } from './plan-block.ts';

/** Slack's limit for the text of a button's dialog. Title and labels are far below theirs. */
const MAX_CONFIRM_TEXT = 300;

/**
 * Approve (with a confirmation dialog), Reject, Withdraw, and the narrower option if there is one. A click sends the plan's id
 * and the hash of the plan on the card.
 */
export function decisionButtons({ plan, review }: PlanMessage, words: Words): types.ActionsBlock {
  const style = isHarmful(plan) ? 'danger' : 'primary';
  const confirm = confirmDialog(plan, review, style, words);
  return aboutPlan(
    plan,
    { ...button('approve_plan', words.planCard.approveLabel(plan, review), plan.id), style, confirm },
    button('reject_plan', words.planCard.REJECT, plan.id),
    ...withdrawButton(plan, words),
    ...narrowerButton(plan, words),
  );
}

/** Only for a plan that a person requested. Slack shows everyone the same card, so others are refused when they click. */
function withdrawButton({ id, requestedBy }: Plan, words: Words): types.Button[] {
  return requestedBy.kind === 'slack-user' ? [button('withdraw_plan', words.planCard.WITHDRAW, id)] : [];
}

/** Changes nothing on the host: the option becomes a plan of its own, which needs approval. */
function narrowerButton({ id, alternatives = [] }: Plan, words: Words): types.Button[] {
  return alternatives.length === 0 ? [] : [button('use_narrower', words.planCard.USE_NARROWER, id)];
}

type PlanMessage = Pick<Extract<ThreadMessage, { kind: 'plan' }>, 'plan' | 'review'>;

/**
 * Red says "wrong button" to a tired reader, so it is only for harm: wide access, or an undo that breaks the registry.
 */
function isHarmful({ risk, undoes }: Plan): boolean {
  return risk === 'high' || undoes !== undefined;
}

/** Builds the buttons of a plan that can't be shown completely: it can only be rejected or withdrawn. */
export function endButtons(plan: Plan, words: Words): types.ActionsBlock {
  const reject = button('reject_plan', words.planCard.REJECT, plan.id);
  return aboutPlan(plan, reject, ...withdrawButton(plan, words));
}

export function diagnoseAgainButton(incidentId: IncidentId, words: Words): types.ActionsBlock {
  return actions(button('diagnose_again', words.outcome.DIAGNOSE_AGAIN, String(incidentId)));
}

/** Under an incident that has ended. */
export function postRecordButton(incidentId: IncidentId, words: Words): types.ActionsBlock {
  return actions(button('post_record', words.files.POST_RECORD, String(incidentId)));
}

/** Says that someone is on it; once someone is, another person can take over. None once the incident is over. */
export function acknowledgeButton(status: StatusMessage, { status: words }: Words): types.ActionsBlock[] {
  const { incidentId, isOpen, resolvedAt, acknowledged } = status;
  if (!isOpen || resolvedAt !== null) return [];
  const label = acknowledged === undefined ? words.ACKNOWLEDGE : words.TAKE_OVER;
  return [actions(button('acknowledge', label, String(incidentId)))];
}

export function undoButton(plan: Pick<Plan, 'id' | 'hash'>, words: Words): types.ActionsBlock {
  return aboutPlan(plan, button('undo_plan', words.outcome.UNDO, plan.id));
}

function aboutPlan({ hash }: Pick<Plan, 'hash'>, ...buttons: types.Button[]): types.ActionsBlock {
  return { ...actions(...buttons), block_id: blockAbout(hash) };
}

function actions(...elements: types.Button[]): types.ActionsBlock {
  return { type: 'actions', elements };
}

function button(actionId: ActionId, label: string, value: string): types.Button {
  return { type: 'button', action_id: actionId, text: plain(label), value };
}

function confirmDialog(
  plan: Plan,
  review: PlanMessage['review'],
  style: 'danger' | 'primary',
  words: Words,
): types.ConfirmationDialog {
  const { title, text, confirm, deny } = words.planCard.confirmation(plan, review, MAX_CONFIRM_TEXT);
  return { title: plain(title), text: plain(text), confirm: plain(confirm), deny: plain(deny), style };
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
