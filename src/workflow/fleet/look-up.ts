import type { FleetAnswer, HostStatus, PastIncident } from '../../model/fleet/fleet.ts';
import type { HostName } from '../../model/record/ids.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { HostSettings } from '../../model/settings/settings.ts';
import type { WorkflowContext } from '../context.ts';
import { nearestNames } from '../incident/nearest-names.ts';
import type { MessageLinks, MessagePlace } from '../ports/messages.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { placeOfIncident } from '../record/messages.ts';
import type { FleetQuestion, LookedUp, Requests } from '../requests.ts';
import type { WatchBoard } from '../watch/watch-board.ts';
import { linkTo, mutesOf, readOpenWork } from './open-work.ts';
import { type Visible, visibleHosts } from './visible-hosts.ts';

/** What is looked at beside the record. */
export type Sources = { readonly board: WatchBoard; readonly links: MessageLinks };

const HISTORY_LENGTH = 20;

/** Answers a question about hosts, of the hosts that the person can see. Changes nothing. */
export async function lookUp(
  context: WorkflowContext,
  sources: Sources,
  { question, ...request }: Parameters<Requests['lookUp']>[0],
): Promise<LookedUp> {
  const visible = await visibleHosts(context, request);
  const chosen = visible.kind === 'hosts' ? hostsOf(question, visible.hosts) : visible;
  if (chosen.kind === 'answer') return chosen;
  await sources.board.refresh();
  return { kind: 'fleet', answer: await answerOf(context, sources, question, chosen.hosts) };
}

/** The hosts that the question is about. */
function hostsOf(question: FleetQuestion, hosts: readonly HostSettings[]): Visible {
  const asked = 'hostText' in question ? question.hostText : null;
  if (asked === null) return { kind: 'hosts', hosts };
  const host = hosts.find(({ name }) => name === asked);
  if (host !== undefined) return { kind: 'hosts', hosts: [host] };
  const known = hosts.map(({ name }) => name);
  return { kind: 'answer', answer: { kind: 'unknown-host', asked, nearest: nearestNames(asked, known), known } };
}

async function answerOf(
  context: WorkflowContext,
  { board, links }: Sources,
  question: FleetQuestion,
  hosts: readonly HostSettings[],
): Promise<FleetAnswer> {
  const names = new Set(hosts.map(({ name }) => name));
  switch (question.kind) {
    case 'hosts':
      return { kind: 'hosts', hosts: hosts.map((host) => ({ host: host.name, watch: board.of(host) })) };
    case 'status':
      return { kind: 'status', hosts: await statusOf(context, { board, links }, hosts) };
    case 'incidents':
      return { kind: 'incidents', incidents: [...(await readOpenWork(context, links, names)).incidents] };
    case 'history': {
      const [only] = question.hostText === null ? [] : names;
      return { kind: 'history', host: only ?? null, incidents: await historyOf(context, links, [...names]) };
    }
  }
}

async function statusOf(
  context: WorkflowContext,
  { board, links }: Sources,
  hosts: readonly HostSettings[],
): Promise<HostStatus[]> {
  const open = await readOpenWork(context, links, new Set(hosts.map(({ name }) => name)));
  const { incidents, plans } = open;
  const all = hosts.map((host) => ({
    host: host.name,
    watch: board.of(host),
    mutes: mutesOf(open, host.name),
    incidents: incidents.filter((incident) => incident.host === host.name),
    plans: plans.flatMap(({ waiting }) => (waiting.host === host.name ? [waiting] : [])),
  }));
  return troubledFirst(all);
}

/** What needs someone stands at the top, where a long list is not cut. */
export function troubledFirst<Line extends Pick<HostStatus, 'watch'> & Partial<HostStatus>>(
  lines: readonly Line[],
): Line[] {
  return lines.toSorted((one, other) => urgency(other) - urgency(one));
}

function urgency({ watch, incidents = [], plans = [] }: Pick<HostStatus, 'watch'> & Partial<HostStatus>): number {
  if (incidents.length + plans.length > 0) return 2;
  return watch.kind === 'unhealthy' || watch.kind === 'blind' ? 1 : 0;
}

async function historyOf(
  { store }: WorkflowContext,
  links: MessageLinks,
  hosts: readonly HostName[],
): Promise<PastIncident[]> {
  const found = await store.transact((tx) => readHistory(tx, hosts));
  return Promise.all(found.map(async ({ past, place }) => ({ ...past, url: await linkTo(links, place) })));
}

type Found = { readonly past: Omit<PastIncident, 'url'>; readonly place: MessagePlace | null };

async function readHistory(tx: RecordTransaction, hosts: readonly HostName[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const incident of await tx.latestIncidents(hosts, HISTORY_LENGTH)) {
    found.push({ past: await pastOf(tx, incident), place: await placeOfIncident(tx, incident.id) });
  }
  return found;
}

async function pastOf(tx: RecordTransaction, incident: Incident): Promise<Found['past']> {
  const { id, host, state, verdict, openedAt, closedAt, currentPlan } = incident;
  const stored = currentPlan === null ? null : await tx.plan(currentPlan);
  const plan = stored === null ? null : { id: stored.plan.id, state: stored.state };
  return { id, host, state, verdict, openedAt, closedAt, plan };
}
