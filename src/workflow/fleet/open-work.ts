import { OPEN_STATES, OpenIncident, type WaitingPlan } from '../../model/fleet/fleet.ts';
import type { StoredPlan } from '../../model/plan/plan.ts';
import type { Mute } from '../../model/quiet/mute.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { WorkflowContext } from '../context.ts';
import type { MessageLinks, MessagePlace } from '../ports/messages.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { placeOfIncident, placeOfPlan } from '../record/messages.ts';

/** What is open on these hosts, and what mutes them. Oldest first. */
export type OpenWork = {
  readonly incidents: readonly OpenIncident[];
  readonly plans: readonly { readonly waiting: WaitingPlan; readonly stored: StoredPlan }[];
  readonly mutes: readonly Mute[];
};

/** Reads the open incidents and the waiting plans of these hosts, each with the address of its message. */
export async function readOpenWork(
  { store }: Pick<WorkflowContext, 'store'>,
  links: MessageLinks,
  hosts: ReadonlySet<HostName>,
): Promise<OpenWork> {
  const { incidents, plans, mutes } = await store.transact((tx) => readPlaced(tx, hosts));
  return {
    mutes,
    incidents: await Promise.all(
      incidents.map(async ({ incident, place }) => openIncident(incident, await linkTo(links, place))),
    ),
    plans: await Promise.all(
      plans.map(async ({ stored, place }) => ({ stored, waiting: waitingPlan(stored, await linkTo(links, place)) })),
    ),
  };
}

/** Null: Slack does not show it yet, or its workspace is not known. */
export async function linkTo(links: MessageLinks, place: MessagePlace | null): Promise<string | null> {
  return place === null ? null : links.linkTo(place);
}

async function readPlaced(tx: RecordTransaction, hosts: ReadonlySet<HostName>) {
  const incidents: { incident: Incident; place: MessagePlace | null }[] = [];
  for (const incident of await tx.incidentsIn(OPEN_STATES)) {
    if (hosts.has(incident.host)) incidents.push({ incident, place: await placeOfIncident(tx, incident.id) });
  }
  const plans: { stored: StoredPlan; place: MessagePlace | null }[] = [];
  for (const stored of await tx.plansIn(['proposed'])) {
    if (hosts.has(stored.plan.host)) plans.push({ stored, place: await placeOfPlan(tx, stored.plan.id) });
  }
  const mutes = (await tx.openMutes()).filter(({ host }) => hosts.has(host));
  return { incidents, plans, mutes };
}

function openIncident({ id, host, state, verdict, openedAt }: Incident, url: string | null): OpenIncident {
  return OpenIncident.parse({ id, host, state, verdict, openedAt, url });
}

function waitingPlan({ plan: { id, host, risk, expiresAt } }: StoredPlan, url: string | null): WaitingPlan {
  return { id, host, risk, expiresAt, url };
}

/** What mutes this host. */
export function mutesOf({ mutes }: OpenWork, host: HostName): Pick<Mute, 'source' | 'until'>[] {
  return mutes.flatMap((mute) => (mute.host === host ? [{ source: mute.source, until: mute.until }] : []));
}
