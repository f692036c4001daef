import type { PrivateAnswer } from '../../../model/record/messages/private-answer.ts';
import type { RequestOutcome, Requests } from '../../../workflow/requests.ts';
import type { ChannelMembership } from '../../people/channel-membership.ts';

export type DiagnosisRequest = Parameters<Requests['requestDiagnosis']>[0] & {
  /** Slack says that this is a direct message. */
  readonly isDirect?: boolean;
};

type Needs = { readonly requests: Requests; readonly membership: ChannelMembership };

/** Requests a diagnosis, if the bot can post in that channel. */
export async function startDiagnosis(
  { isDirect = false, ...request }: DiagnosisRequest,
  { requests, membership }: Needs,
): Promise<RequestOutcome> {
  const refusal = isDirect ? NOT_A_CHANNEL : await placeRefusal(request, membership);
  return refusal === null ? requests.requestDiagnosis(request) : { kind: 'answer', answer: refusal };
}

const NOT_A_CHANNEL: PrivateAnswer = { kind: 'not-a-channel' };

/** Null: an incident can be opened here. An unknown membership is no refusal: the outbox delivers later what Slack can't show now. */
async function placeRefusal(
  { channel }: DiagnosisRequest,
  membership: ChannelMembership,
): Promise<PrivateAnswer | null> {
  const found = await membership.of(channel);
  if (found === 'direct') return NOT_A_CHANNEL;
  return found === 'not-member' ? { kind: 'not-in-channel' } : null;
}
