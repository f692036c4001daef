import type { Verdict } from '../../model/diagnosis/diagnosis.ts';
import type {
  FleetAnswer,
  HomePage,
  HostStatus,
  OpenIncident,
  PastIncident,
  WaitingPlan,
  WatchSeen,
} from '../../model/fleet/fleet.ts';
import type { PlanState, Risk } from '../../model/plan/plan.ts';
import type { IncidentState } from '../../model/record/incident.ts';
import { type FleetSection, flatSection } from '../fleet-section.ts';
import { dateAndTime, timeOfDay } from '../moment.ts';
import { bold, linked, type Phrase, say } from '../phrase.ts';
import { muteReason, muteSource } from './mutes.ts';
import { duration } from './time.ts';

/** The answer to a question about hosts. */
export function fleetAnswer(answer: FleetAnswer): FleetSection {
  switch (answer.kind) {
    case 'hosts':
      return flatSection('Hosts', NO_HOSTS, answer.hosts.map(watched));
    case 'status':
      return { title: 'Status', empty: NO_HOSTS, lines: answer.hosts.map(statusOfHost) };
    case 'incidents':
      return flatSection('Open incidents', NO_INCIDENTS, answer.incidents.map(openIncident));
    case 'history': {
      const title = answer.host === null ? 'Latest incidents' : `Latest incidents on ${answer.host}`;
      return flatSection(title, 'There were no incidents.', answer.incidents.map(pastIncident));
    }
  }
}

/** The home tab, part by part. It names no time of a check, so that it changes only when something happens. */
export function homeSections({ plans, incidents, hosts }: HomePage): readonly FleetSection[] {
  return [
    flatSection('Plans that wait for you', 'No plan waits for your approval.', plans.map(waitingPlan)),
    flatSection('Open incidents', NO_INCIDENTS, incidents.map(openIncident)),
    flatSection('Hosts', NO_HOSTS, hosts.map(watchedNow)),
  ];
}

const NO_HOSTS = 'There is no host that you can see here.';
const NO_INCIDENTS = 'There are no open incidents.';

function statusOfHost(status: HostStatus): FleetSection['lines'][number] {
  const { mutes, incidents, plans } = status;
  return {
    head: watched(status),
    items: [...mutes.map(muted), ...incidents.map(openIncident), ...plans.map(waitingPlan)],
  };
}

type Watched = Pick<HostStatus, 'host' | 'watch'>;

function watched({ host, watch }: Watched): Phrase {
  const at = 'at' in watch ? say` at ${timeOfDay(watch.at)}` : [];
  return say`${bold(host)}: ${watchState(watch)}${at}${way(watch)}`;
}

function watchedNow({ host, watch, mutes }: Watched & Pick<HostStatus, 'mutes'>): Phrase {
  return say`${bold(host)}: ${watchState(watch)}${way(watch)}${mutes.length === 0 ? '' : ', muted'}`;
}

/** Why nothing is posted of the host, and until when. */
function muted({ source, until }: HostStatus['mutes'][number]): Phrase {
  const end = until === null ? [] : say` until ${dateAndTime(until)}`;
  return say`${muteSource(source)}${end}${muteReason(source)}`;
}

function watchState(watch: WatchSeen): Phrase {
  switch (watch.kind) {
    case 'not-watched':
      return say`not monitored`;
    case 'not-checked':
      return say`monitored, not checked yet`;
    case 'blind':
      return say`can’t be checked since ${dateAndTime(watch.since)}`;
    case 'healthy':
    case 'unhealthy':
      return say`${watch.kind}`;
  }
}

function way(watch: WatchSeen): string {
  return 'way' in watch ? `, ${WAYS[watch.way]}` : '';
}

const WAYS: Record<Extract<WatchSeen, { way: unknown }>['way'], string> = {
  'from-bot': 'checked over HTTP',
  'from-host': 'checked over HTTP through SSH',
  guard: 'checked by the guard',
};

function openIncident({ id, host, state, verdict, openedAt, url }: OpenIncident): Phrase {
  const found = verdict === null ? '' : `, ${VERDICTS[verdict]}`;
  return say`${linked(`Incident ${id}`, url)} on ${host}: ${STATES[state]}${found}, opened ${dateAndTime(openedAt)}`;
}

function waitingPlan({ id, host, risk, expiresAt, url }: WaitingPlan): Phrase {
  return say`${linked(`Plan ${id}`, url)} for ${host}: waiting for approval, ${RISKS[risk]}, expires at ${timeOfDay(expiresAt)}`;
}

function pastIncident({ id, host, state, verdict, plan, openedAt, closedAt, url }: PastIncident): Phrase {
  const found = verdict === null ? 'no verdict' : VERDICTS[verdict];
  const fix = plan === null ? 'no plan' : `plan ${plan.id} ${OUTCOMES[plan.state]}`;
  const after = closedAt === null ? '' : ` after ${duration(Date.parse(closedAt) - Date.parse(openedAt))}`;
  return say`${linked(`Incident ${id}`, url)} on ${host}, ${dateAndTime(openedAt)}: ${found}, ${fix}, ${STATES[state]}${after}`;
}

const VERDICTS: Record<Verdict, string> = {
  healthy: 'diagnosed as healthy',
  faulty: 'diagnosed as unhealthy',
  inconclusive: 'diagnosis inconclusive',
};

const RISKS: Record<Risk, string> = { low: 'low access risk', high: 'high access risk' };

const STATES: Record<IncidentState, string> = {
  diagnosing: 'being diagnosed',
  open: 'open',
  executing: 'a plan is running',
  resolved: 'resolved',
  closed: 'closed',
  unmonitored: 'the host can’t be checked',
  'monitored-again': 'the host was checked again',
};

/** What became of a plan, after its number. */
const OUTCOMES: Record<PlanState, string> = {
  proposed: 'waiting for approval',
  approved: 'approved',
  executing: 'running',
  applied: 'applied',
  undone: 'rolled back',
  failed: 'failed',
  stale: 'out of date',
  rejected: 'rejected',
  withdrawn: 'withdrawn',
  expired: 'expired',
  superseded: 'replaced',
};
