import type { types } from '@slack/bolt';
import type { Words } from '../../../words/index.ts';
import type { Requests } from '../../../workflow/requests.ts';
import { slackFailure } from '../../connection/slack-failure.ts';
import type { CommandNeeds } from '../command-needs.ts';
import { replyPrivately } from '../private-reply.ts';
import { requestKeyOf } from '../request-key.ts';
import { chosenHost, HostSubmission, noticeForm } from './diagnose-form.ts';
import { startDiagnosis } from './start-diagnosis.ts';

/**
 * What the form shows once it was sent. Null: it closes, because the incident will be in sight, or because it can't be
 * read.
 */
export function shownAfter(body: unknown, { incidentChannel }: Requests, words: Words): types.ModalView | null {
  const sent = HostSubmission.safeParse(body);
  if (!sent.success || sent.data.view.private_metadata.responseUrl !== null) return null;
  const { channel } = sent.data.view.private_metadata;
  return noticeForm([words.diagnoseForm.sent(chosenHost(sent.data), channel ?? incidentChannel)], words);
}

/**
 * Requests what the form asks for. A refusal is shown only once the form was `acknowledged`: otherwise what Slack shows then
 * could take its place.
 */
export async function submitHost(
  form: HostSubmission,
  acknowledged: Promise<void>,
  needs: CommandNeeds,
): Promise<void> {
  const { user, view } = form;
  const { channel } = view.private_metadata;
  const request = {
    hostText: chosenHost(form),
    by: { team: user.team_id, user: user.id },
    channel: channel ?? needs.requests.incidentChannel,
    requestKey: requestKeyOf(user.team_id, form.trigger_id),
  };
  const outcome = await startDiagnosis(request, needs);
  if (outcome.kind !== 'answer') return;
  await acknowledged;
  const words = await needs.wordsOf(user.id);
  await answerForm(form, words.answers.privateAnswer(outcome.answer), words, needs);
}

/** Shows an answer where the person is: in the channel, or in the form. Never rejects. */
export async function answerForm(
  { view }: HostSubmission,
  told: ReturnType<Words['answers']['privateAnswer']>,
  words: Words,
  { client, ...replying }: Pick<CommandNeeds, 'client' | 'log' | 'stopping'>,
): Promise<void> {
  const { responseUrl } = view.private_metadata;
  if (responseUrl !== null) {
    await replyPrivately({ responseUrl, threadTs: null }, told, words, replying);
    return;
  }
  try {
    await client.views.update({ view_id: view.id, view: noticeForm(told, words) });
  } catch (error) {
    replying.log.warn({ failure: slackFailure(error) }, 'the answer to a form did not reach Slack');
  }
}
