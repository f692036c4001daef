import type { HostName } from '../../model/record/ids.ts';
import type { WorkflowContext } from '../context.ts';
import type { Requests } from '../requests.ts';
import { refusalToDiagnose } from './authorization.ts';

/** The hosts that this person can request a diagnosis of here. An answer names no others. */
export async function hostsToAsk(
  context: WorkflowContext,
  request: Parameters<Requests['hostsToAsk']>[0],
): Promise<readonly HostName[]> {
  const hosts = [...context.settings.hosts.keys()];
  const refusals = await Promise.all(hosts.map((host) => refusalToDiagnose(context, host, request)));
  return hosts.filter((_, index) => refusals[index] === null);
}
