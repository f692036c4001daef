import { privateAnswer } from '../../words/en/answers.ts';
import type { Log } from '../../workflow/ports.ts';
import type { DecisionOutcome, RequestOutcome, Requests } from '../../workflow/requests.ts';
import type { ActionId } from '../action-ids.ts';
import { replyPrivately } from '../private-reply.ts';
import type { ButtonClick } from './button-click.ts';

type Needs = { readonly requests: Requests; readonly log: Log };

/** Does what a button asks for; called after Slack has its acknowledgement. */
export async function runClick(actionId: ActionId, click: ButtonClick, { requests, log }: Needs): Promise<void> {
  const outcome = await OUTCOME_OF[actionId](click, requests);
  if (outcome.kind !== 'answer') return;
  const threadTs = click.container?.thread_ts ?? null;
  await replyPrivately({ responseUrl: click.response_url, threadTs }, privateAnswer(outcome.answer), log);
}

type Ask = (click: ButtonClick, requests: Requests) => Promise<RequestOutcome | DecisionOutcome>;

const OUTCOME_OF: Record<ActionId, Ask> = {
  approve_plan: (click, requests) => requests.decide({ ...decisionOf(click), verdict: 'approved' }),
  reject_plan: (click, requests) => requests.decide({ ...decisionOf(click), verdict: 'rejected' }),
  diagnose_again: (click, requests) =>
    requests.diagnoseAgain({
      ...whoAndWhere(click),
      incidentIdText: click.actions[0].value,
      requestKey: `slack:${click.user.team_id}:${click.trigger_id}`,
    }),
};

function decisionOf(click: ButtonClick) {
  return { ...whoAndWhere(click), planIdText: click.actions[0].value };
}

function whoAndWhere({ user, channel }: ButtonClick) {
  return { by: { team: user.team_id, user: user.id }, channel: channel.id };
}
