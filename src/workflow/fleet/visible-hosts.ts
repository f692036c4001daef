import type { ChannelId } from '../../model/record/ids.ts';
import type { PrivateAnswer } from '../../model/record/messages/private-answer.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { Person } from '../requests.ts';
import { refusalToLook } from '../review/authorization.ts';

/** The hosts that a person can see. If there is none: why. */
export type Visible =
  | { readonly kind: 'hosts'; readonly hosts: readonly HostSettings[] }
  | { readonly kind: 'answer'; readonly answer: PrivateAnswer };

/** The hosts that this person can see in this channel. The others stay unnamed. */
export async function visibleHosts(
  context: WorkflowContext,
  request: { readonly by: Person; readonly channel: ChannelId },
): Promise<Visible> {
  const hosts = [...context.settings.hosts.values()];
  const refusals = await Promise.all(hosts.map((host) => refusalToLook(context, host, request)));
  const visible = hosts.filter((_, index) => refusals[index] === null);
  const [refusal] = refusals;
  // The refusal is about one host, and the question was about all.
  if (visible.length > 0 || !refusal) return { kind: 'hosts', hosts: visible };
  return { kind: 'answer', answer: refusal.kind === 'wrong-channel' ? { ...refusal, host: null } : refusal };
}
