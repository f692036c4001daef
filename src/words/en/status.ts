import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { OnCall } from '../../model/record/messages/people.ts';
import type { StatusMessage } from '../../model/record/messages/status-message.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, capitalised, type Phrase, say } from '../phrase.ts';
import { alertQuote } from './alerts.ts';
import { headlineOf } from './findings.ts';
import { allOfWords } from './lists.ts';
import { actorName, actorNames, peopleList } from './people.ts';
import { count, duration } from './time.ts';

/** What is broken and where, in one line: the first thing that anyone reads. */
export function statusHeadline(status: StatusMessage): string {
  return `${status.host}: ${stateOfRegistry(status)}`;
}

export const HEALTHY_AGAIN = 'the registry is healthy again';

/** The same over the incident's message in the channel. */
export function statusTitle(status: StatusMessage): Phrase {
  return say`${bold(statusHeadline(status))} · incident ${status.incidentId}`;
}

function stateOfRegistry({ stage, diagnosis, resolvedAt, alert, flapping }: StatusMessage): string {
  const wasAlarmed = alert !== undefined && diagnosis?.verdict === 'healthy';
  if (resolvedAt !== null && !wasAlarmed) return HEALTHY_AGAIN;
  if (flapping) return 'the registry is flapping';
  if (stage === 'done') return diagnosis === null ? 'the diagnosis did not finish' : diagnosisHeadline(diagnosis);
  return 'diagnosing the registry';
}

/** The verdict of a diagnosis in one clause, without the host's name. */
export function diagnosisHeadline({ verdict, findings, v2 }: Diagnosis): string {
  const first = findings[0];
  if (verdict === 'healthy') return 'the registry is healthy';
  const clause = first === undefined ? null : headlineOf(first);
  if (verdict === 'inconclusive') return clause ?? 'the diagnosis was inconclusive';
  const status = v2 !== null && v2.status >= 500 ? ` (${v2.status})` : '';
  return `${clause ?? 'the registry is unhealthy'}${status}`;
}

/** Under the headline: who opened the incident and when; at its end, when that was and after how long. */
export function statusOrigin({ openedBy, openedAt, resolvedAt, reopened }: StatusMessage): Phrase {
  if (resolvedAt !== null) {
    return say`Resolved at ${timeOfDay(resolvedAt)}, ${timeOpen(openedAt, resolvedAt)} after the incident was opened`;
  }
  const again = reopened && say` · reopened by ${actorName(reopened.by)} at ${timeOfDay(reopened.at)}`;
  return say`${OPENED[openedBy.kind]} by ${actorName(openedBy)} at ${timeOfDay(openedAt)}${despiteHealth(openedBy)}${again ?? []}`;
}

function despiteHealth(openedBy: Actor): string {
  const isDeep = openedBy.kind === 'bot' && openedBy.part === 'deep-look';
  return isDeep ? ', although the registry said that it was healthy' : '';
}

const OPENED: Record<Actor['kind'], string> = {
  bot: 'Detected',
  alert: 'Reported',
  'slack-user': 'Requested',
  terminal: 'Requested',
  signal: 'Requested',
  erased: 'Requested',
};

/** How long the registry was down, for a line and for a sentence. Null: not known. */
export function statusDown({ numbers }: StatusMessage): Phrase | null {
  if (numbers?.downSince === undefined || numbers.downMs === undefined) return null;
  const end = new Date(Date.parse(numbers.downSince) + numbers.downMs).toISOString();
  return say`${bold(`Down for ${duration(numbers.downMs)}`)}, from ${timeOfDay(numbers.downSince)} to ${timeOfDay(end)}`;
}

/** How long it took to notice, to find the cause and to approve, as far as that is known. Null: none of it is. */
export function statusTimes({ numbers, openedAt }: StatusMessage): Phrase | null {
  if (numbers === undefined) return null;
  const { noticedAfterMs, verdictAfterMs, approvedAfterMs, countedFrom } = numbers;
  const steps = [
    ...(verdictAfterMs === undefined ? [] : [`verdict ${duration(verdictAfterMs)}`]),
    ...(approvedAfterMs === undefined ? [] : [`approval ${duration(approvedAfterMs)}`]),
  ];
  const from = countedFrom === openedAt ? 'the incident was opened' : 'the new diagnosis was requested';
  const parts = [
    ...(noticedAfterMs === undefined ? [] : [`noticed ${duration(noticedAfterMs)} after the first failed check`]),
    ...(steps.length === 0 ? [] : [`${steps.join(' and ')} after ${from}`]),
  ];
  return parts.length === 0 ? null : capitalised(say`${parts.join('; ')}`);
}

/** Who is on it, or else who is on call for its host; null: no one, or it is over. */
export function statusPeople({ isOpen, resolvedAt, onCall, acknowledged }: StatusMessage): Phrase | null {
  if (!isOpen || resolvedAt !== null) return null;
  if (acknowledged) return say`${actorName(acknowledged.by)} is on it since ${timeOfDay(acknowledged.at)}`;
  return onCall === undefined ? null : onCallLine(onCall);
}

/** Who is on call. Null: no one. */
export function onCallLine(onCall: OnCall): Phrase | null {
  if (onCall.isQuiet)
    return say`On call: ${allOfWords(onCall.names ?? [...onCall.users, ...onCall.groups])} (quiet hours)`;
  const people = peopleList(onCall.users, onCall.groups);
  return people === null ? null : say`On call: ${people}`;
}

/** The fault is back: noticed by whom, and who is on call. */
export function reopenedLine({ host, incidentId, by, at, onCall }: Reopened): Phrase {
  const people = onCall === undefined ? null : onCallLine(onCall);
  const line = say`${bold(`${host} is broken again`)}: incident ${incidentId} is open again, noticed by ${actorName(by)} at ${timeOfDay(at)}.`;
  return people === null ? line : say`${line} ${people}.`;
}

type Reopened = Extract<ThreadMessage, { kind: 'reopened' }>;

export const ACKNOWLEDGE = 'Acknowledge';

/** What the same button says once someone is on it. */
export const TAKE_OVER = 'Take over';

/** How often the registry was reported as changed, and until when that is not told each time. Null: it does not flap. */
export function statusFlapping({ flapping, resolvedAt }: StatusMessage): Phrase | null {
  return flapping && resolvedAt === null ? say`${capitalised(flappingNote(flapping))}.` : null;
}

/** The same as a clause. */
export function flappingNote({ since, changes }: NonNullable<StatusMessage['flapping']>): Phrase {
  return say`${count(changes, 'change')} between healthy and unhealthy reports since ${timeOfDay(since)}; I post no more of them, and diagnose the registry again after 30 minutes without one`;
}

/** What the alert says that opened the incident; null: none did. */
export function statusAlert({ alert }: StatusMessage): Phrase | null {
  return alert === undefined ? null : say`The alert says: ${alertQuote(alert)}`;
}

function timeOpen(openedAt: string, resolvedAt: string): string {
  return duration(Date.parse(resolvedAt) - Date.parse(openedAt));
}

/** How far plan, review, execution and record are, and who is waited for. */
export function statusProgress(status: StatusMessage): Phrase {
  const record = `Record: ${count(status.recordEntries, 'entry', 'entries')}`;
  if (status.stage !== 'done') return say`Diagnosis: ${STAGES[status.stage]} · ${record}`;
  const { plan, review, execution } = partsOf(status);
  return say`Plan: ${plan} · Review: ${review} · Execution: ${execution} · ${record}`;
}

const STAGES: Record<Exclude<StatusMessage['stage'], 'done'>, string> = {
  queued: 'queued',
  connecting: 'checking the host (step 1 of 2)',
  judging: 'analyzing the results (step 2 of 2)',
};

type Parts = { readonly plan: string; readonly review: Phrase; readonly execution: string };
type PlanInStatus = NonNullable<StatusMessage['plan']>;

function partsOf({ plan, diagnosis }: StatusMessage): Parts {
  if (plan !== null) return partsOfPlan(plan);
  const none = diagnosis?.verdict === 'healthy' ? 'none needed' : 'none';
  return { plan: none, review: say`–`, execution: '–' };
}

function partsOfPlan(status: PlanInStatus): Parts {
  const { plan = status.id, execution } = PLAN_PARTS[status.state];
  const waiting = status.waitsFor === undefined ? execution : `waiting for plan ${status.waitsFor}`;
  return { plan, review: reviewOf(status), execution: waiting };
}

function reviewOf(status: PlanInStatus): Phrase {
  switch (status.state) {
    case 'proposed':
      return waitingFor(status);
    case 'rejected':
    case 'expired':
    case 'superseded':
    case 'withdrawn':
      return status.state === 'rejected' ? decided('rejected', status) : say`–`;
    default:
      return decided('approved', status);
  }
}

function decided(verdict: 'approved' | 'rejected', { decidedBy = [] }: PlanInStatus): Phrase {
  return decidedBy.length === 0 ? say`${verdict}` : say`${verdict} by ${actorNames(decidedBy)}`;
}

function waitingFor({ approvals, approvers }: PlanInStatus): Phrase {
  const people = approvers === undefined ? null : peopleList(approvers.users, approvers.groups, 'or');
  const who = people ?? say`an approver`;
  if (approvals === undefined) return say`waiting for ${who}`;
  return say`${approvals.given} of ${approvals.needed} approvals, waiting for ${who}`;
}

/** Without `plan`: its number. */
const PLAN_PARTS: Record<PlanInStatus['state'], { readonly plan?: string; readonly execution: string }> = {
  proposed: { plan: 'ready', execution: 'not started' },
  approved: { execution: 'about to start' },
  executing: { execution: 'running' },
  applied: { execution: 'done' },
  undone: { execution: 'rolled back' },
  failed: { execution: 'failed, see the thread' },
  stale: { plan: 'out of date', execution: 'not run, nothing changed' },
  rejected: { execution: '–' },
  expired: { plan: 'expired before it ran', execution: '–' },
  superseded: { plan: 'replaced', execution: '–' },
  withdrawn: { plan: 'withdrawn', execution: '–' },
};

/** The whole message as a sentence, for notifications and screen readers. */
export function statusSentence(status: StatusMessage): Phrase {
  const alert = statusAlert(status);
  const people = statusPeople(status);
  const said = [people, alert].flatMap((part) => (part === null ? [] : say` ${part}.`));
  return say`${statusHeadline(status)} (incident ${status.incidentId}). ${sentenceOfProgress(status)}${said}`;
}

function sentenceOfProgress(status: StatusMessage): Phrase {
  const { openedAt, resolvedAt, stage, plan } = status;
  if (resolvedAt !== null) {
    return say`Resolved ${timeOpen(openedAt, resolvedAt)} after the incident was opened.${downSentence(status)}`;
  }
  if (stage !== 'done') return say`The verdict follows in the thread.`;
  if (plan === null) return say`The details are in the thread.`;
  const parts = partsOfPlan(plan);
  return say`Plan: ${parts.plan}; review: ${parts.review}; execution: ${parts.execution}.`;
}

function downSentence({ numbers }: StatusMessage): string {
  return numbers?.downMs === undefined ? '' : ` The registry was down for ${duration(numbers.downMs)}.`;
}
