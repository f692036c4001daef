import type { WaitingPlan } from '../../model/fleet/fleet.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import type { HomeOutcome, Person } from '../requests.ts';
import { refusalOfApprover } from '../review/authorization.ts';
import { type Sources, troubledFirst } from './look-up.ts';
import { mutesOf, type OpenWork, readOpenWork } from './open-work.ts';
import { visibleHosts } from './visible-hosts.ts';

/** What the home tab shows this person: the same hosts as a command in the incident channel. */
export async function homePage(context: WorkflowContext, sources: Sources, by: Person): Promise<HomeOutcome> {
  const visible = await visibleHosts(context, { by, channel: context.settings.incidentChannel });
  if (visible.kind === 'answer') return visible;
  const { hosts } = visible;
  await sources.board.refresh();
  const open = await readOpenWork(context, sources.links, new Set(hosts.map(({ name }) => name)));
  const lines = hosts.map((host) => ({
    host: host.name,
    watch: sources.board.of(host),
    mutes: mutesOf(open, host.name),
  }));
  const plans = await plansFor(context, hosts, open, by);
  return { kind: 'page', page: { hosts: troubledFirst(lines), incidents: [...open.incidents], plans } };
}

/** The plans that this person can approve and has not approved yet. */
async function plansFor(
  context: WorkflowContext,
  hosts: readonly HostSettings[],
  { plans }: OpenWork,
  by: Person,
): Promise<WaitingPlan[]> {
  const ofThem = await Promise.all(plans.map(async (one) => ((await waitsFor(context, hosts, one, by)) ? one : null)));
  return ofThem.flatMap((one) => (one === null ? [] : [one.waiting]));
}

async function waitsFor(
  context: WorkflowContext,
  hosts: readonly HostSettings[],
  { stored: { plan } }: OpenWork['plans'][number],
  by: Person,
): Promise<boolean> {
  const host = hosts.find(({ name }) => name === plan.host);
  if (host === undefined || (await refusalOfApprover(context, host, plan, by)) !== null) return false;
  const decisions = await context.store.transact((tx) => tx.decisions(plan.id));
  return decisions.every((decision) => decision.by.kind !== 'slack-user' || decision.by.user !== by.user);
}
