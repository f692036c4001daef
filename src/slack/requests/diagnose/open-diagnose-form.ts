import type { types } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { HostName } from '../../../model/record/ids.ts';
import type { PrivateAnswer } from '../../../model/record/messages/private-answer.ts';
import type { Words } from '../../../words/index.ts';
import type { Log } from '../../../workflow/ports/bot.ts';
import type { Person, Requests } from '../../../workflow/requests.ts';
import { slackFailure } from '../../connection/slack-failure.ts';
import type { WordsOf } from '../../people/reader-words.ts';
import { diagnoseForm, type FormContext, noticeForm } from './diagnose-form.ts';

/** What a form is opened with. Its trigger is valid for three seconds. */
export type FormRequest = Omit<FormContext, 'named'> & {
  readonly by: Person;
  readonly triggerId: string;
  /** The hosts that a message names. Absent: no message is the reason. */
  readonly named?: readonly HostName[];
};

type Needs = {
  readonly requests: Requests;
  readonly client: WebClient;
  readonly wordsOf: WordsOf;
  readonly log: Log;
};

/**
 * Opens the form that asks for a host, with the hosts that this person can request a diagnosis of. Someone without any
 * host is told why. False: Slack did not open it.
 */
export async function openDiagnoseForm(request: FormRequest, needs: Needs): Promise<boolean> {
  const { requests, wordsOf } = needs;
  const place = { by: request.by, channel: request.channel ?? requests.incidentChannel };
  const [words, hosts] = await Promise.all([wordsOf(request.by.user), requests.hostsToAsk(place)]);
  const view =
    hosts.length === 0
      ? noticeForm(words.answers.privateAnswer(await whyNoHost(requests, place)), words)
      : formOf(request, hosts, place.channel, words);
  return openView(request.triggerId, view, needs);
}

function formOf(
  { channel, responseUrl, named }: FormRequest,
  hosts: readonly HostName[],
  incidentChannel: Requests['incidentChannel'],
  words: Words,
): types.ModalView {
  const { namedHosts, explanation } = words.diagnoseForm;
  const why = named === undefined ? [] : [namedHosts(named.length)];
  const context = { channel, responseUrl };
  return diagnoseForm(
    { hosts, named: named ?? [], explanation: [...why, explanation(incidentChannel)], context },
    words,
  );
}

async function whyNoHost(
  requests: Requests,
  place: Omit<Parameters<Requests['lookUp']>[0], 'question'>,
): Promise<PrivateAnswer> {
  const found = await requests.lookUp({ ...place, question: { kind: 'hosts' } });
  return found.kind === 'answer' ? found.answer : { kind: 'may-not-request' };
}

async function openView(triggerId: string, view: types.ModalView, { client, log }: Needs): Promise<boolean> {
  try {
    await client.views.open({ trigger_id: triggerId, view });
    return true;
  } catch (error) {
    log.warn({ failure: slackFailure(error) }, 'the form that asks for a host could not be opened');
    return false;
  }
}
