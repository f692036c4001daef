import type { types } from '@slack/bolt';
import type { IncidentId } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { DIAGNOSE_AGAIN } from '../../words/en/outcome.ts';
import { confirmation, PLAN_BUTTONS } from '../../words/en/plan-card.ts';
import { plainText as plainPhrase, separated } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { ActionId } from '../action-ids.ts';
import { clipEnd } from './clip.ts';

/** Slack's limits for the dialog that a button opens (composition objects, confirmation dialog). */
const MAX_CONFIRM_TITLE = 100;
const MAX_CONFIRM_TEXT = 300;
/** What {@link clipEnd} adds in words. */
const CLIP_WORDS = 40;

/** Approve (with a dialog that asks once more) and Reject. Only the plan's id goes with a click. */
export function decisionButtons(plan: Plan): types.ActionsBlock {
  return actions(
    { ...button('approve_plan', PLAN_BUTTONS.approve, plan.id), style: 'danger', confirm: confirmDialog(plan) },
    button('reject_plan', PLAN_BUTTONS.reject, plan.id),
  );
}

/** For a plan that cannot be shown whole. */
export function rejectButton(plan: Plan): types.ActionsBlock {
  return actions(button('reject_plan', PLAN_BUTTONS.reject, plan.id));
}

export function diagnoseAgainButton(incidentId: IncidentId): types.ActionsBlock {
  return actions(button('diagnose_again', DIAGNOSE_AGAIN, String(incidentId)));
}

function actions(...elements: types.Button[]): types.ActionsBlock {
  return { type: 'actions', elements };
}

function button(actionId: ActionId, label: string, value: string): types.Button {
  return { type: 'button', action_id: actionId, text: plain(label), value };
}

function confirmDialog(plan: Plan): types.ConfirmationDialog {
  const { title, text, confirm, deny } = confirmation(plan);
  return {
    title: plain(clipEnd(title, MAX_CONFIRM_TITLE - CLIP_WORDS)),
    text: plain(clipEnd(visibleText(plainPhrase(separated(text, ' '))), MAX_CONFIRM_TEXT - CLIP_WORDS)),
    confirm: plain(confirm),
    deny: plain(deny),
    style: 'danger',
  };
}

function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
