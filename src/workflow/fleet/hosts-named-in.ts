import { hostsInText } from '../../incident/hosts-in-text.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { WorkflowContext } from '../context.ts';
import type { Requests } from '../requests.ts';
import { hostsToAsk } from '../review/hosts-to-ask.ts';

/** The hosts that a text names and that this person can request a diagnosis of in this channel. */
export async function hostsNamedIn(
  context: WorkflowContext,
  { text, ...request }: Parameters<Requests['hostsNamedIn']>[0],
): Promise<readonly HostName[]> {
  const named = new Set(hostsInText(text, context.settings.hosts.values()));
  const known = await hostsToAsk(context, request);
  return known.filter((host) => named.has(host));
}
