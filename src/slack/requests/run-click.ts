import type { WebClient } from '@slack/web-api';
import type { Words } from '../../words/index.ts';
import type { DecisionOutcome, RequestOutcome, Requests } from '../../workflow/requests.ts';
import type { ActionId } from '../cards/parts/action-ids.ts';
import { planHashIn } from '../cards/parts/plan-block.ts';
import type { WordsOf } from '../people/reader-words.ts';
import type { ButtonClick } from './button-click.ts';
import { formFor } from './forms/form-for.ts';
import { type Replying, replyPrivately } from './private-reply.ts';
import { requestKeyOf } from './request-key.ts';

type Needs = Replying & { readonly requests: Requests; readonly client: WebClient; readonly wordsOf: WordsOf };

/** Does what a button requests, after Slack has its acknowledgement. */
export async function runClick(actionId: ActionId, click: ButtonClick, needs: Needs): Promise<void> {
  const outcome = await OUTCOME_OF[actionId](click, needs.requests);
  const to = { responseUrl: click.response_url, threadTs: click.container?.thread_ts ?? null };
  switch (outcome.kind) {
    case 'opened':
    case 'accepted':
      return;
    case 'answer': {
      const words = await needs.wordsOf(click.user.id);
      await replyPrivately(to, words.answers.privateAnswer(outcome.answer), words, needs);
      return;
    }
    case 'ask-reason':
    case 'ask-signature': {
      const words = await needs.wordsOf(click.user.id);
      if (await openForm(outcome, click, words, needs)) return;
      await replyPrivately(to, [words.planForm.formNotOpened()], words, needs);
    }
  }
}

/** Whether Slack shows the form. Its trigger is valid for three seconds. */
async function openForm(
  question: Extract<DecisionOutcome, { kind: 'ask-reason' | 'ask-signature' }>,
  click: ButtonClick,
  words: Words,
  { client, log }: Needs,
): Promise<boolean> {
  const origin = {
    planId: question.plan.id,
    planHash: question.plan.hash,
    channel: click.channel.id,
    responseUrl: click.response_url,
    threadTs: click.container?.thread_ts ?? null,
  };
  try {
    await client.views.open({ trigger_id: click.trigger_id, view: formFor(question, origin, words) });
    return true;
  } catch (error) {
    log.warn({ err: error }, 'a form could not be opened');
    return false;
  }
}

type Ask = (click: ButtonClick, requests: Requests) => Promise<RequestOutcome | DecisionOutcome>;

const OUTCOME_OF: Record<ActionId, Ask> = {
  approve_plan: (click, requests) => requests.decide({ ...decisionOf(click), verdict: 'approved' }),
  reject_plan: (click, requests) => requests.decide({ ...decisionOf(click), verdict: 'rejected' }),
  withdraw_plan: (click, requests) => requests.withdraw(decisionOf(click)),
  use_narrower: (click, requests) => requests.chooseNarrower(decisionOf(click)),
  undo_plan: (click, requests) => requests.undo(decisionOf(click)),
  post_record: (click, requests) =>
    requests.postRecord({
      ...whoAndWhere(click),
      incidentIdText: click.actions[0].value,
      requestKey: keyOf(click),
    }),
  acknowledge: (click, requests) =>
    requests.acknowledge({ ...whoAndWhere(click), incidentIdText: click.actions[0].value }),
  diagnose_again: (click, requests) =>
    requests.diagnoseAgain({
      ...whoAndWhere(click),
      incidentIdText: click.actions[0].value,
      requestKey: keyOf(click),
    }),
};

function keyOf({ user, trigger_id }: ButtonClick): string {
  return requestKeyOf(user.team_id, trigger_id);
}

function decisionOf(click: ButtonClick) {
  const [{ value, block_id }] = click.actions;
  return { ...whoAndWhere(click), planIdText: value, planHash: planHashIn(block_id) };
}

function whoAndWhere({ user, channel }: ButtonClick) {
  return { by: { team: user.team_id, user: user.id }, channel: channel.id };
}
