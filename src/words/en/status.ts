import type { Diagnosis } from '../../model/diagnosis.ts';
import type { StatusMessage } from '../../model/thread-message.ts';
import { type Phrase, say } from '../phrase.ts';
import { headlineOf } from './findings.ts';
import { actorName } from './people.ts';
import { duration, timeOfDay } from './time.ts';

/** What is the matter, in one line: the first thing that anybody reads. */
export function statusHeadline(status: StatusMessage): string {
  return `${status.host}: ${stateOfRegistry(status)}`;
}

function stateOfRegistry({ stage, diagnosis, resolvedAt }: StatusMessage): string {
  if (resolvedAt !== null) return 'the registry is well again';
  if (stage === 'done') return diagnosis === null ? 'no diagnosis was made' : diagnosisHeadline(diagnosis);
  return 'diagnosing the registry';
}

/** The verdict of a diagnosis in one clause, without the host's name. */
export function diagnosisHeadline({ verdict, findings }: Diagnosis): string {
  const first = findings[0];
  if (verdict === 'healthy') return 'the registry is well';
  const clause = first === undefined ? null : headlineOf(first);
  if (verdict === 'faulty') return clause ?? 'the registry is not well';
  return clause === null ? 'I cannot tell whether the registry is well' : `I cannot tell: ${clause}`;
}

/** Which incident it is, who asked, and when. */
export function statusOrigin(status: StatusMessage): Phrase {
  const at = timeOfDay(status.openedAt);
  const opened =
    status.openedBy.kind === 'bot'
      ? say`noticed by ${actorName(status.openedBy)}, ${at}`
      : say`asked by ${actorName(status.openedBy)}, ${at}`;
  return say`incident ${status.incidentId} · ${opened}${resolution(status)}`;
}

function resolution({ openedAt, resolvedAt }: StatusMessage): Phrase {
  if (resolvedAt === null) return [];
  const lasted = duration(Date.parse(resolvedAt) - Date.parse(openedAt));
  return say` · well again after ${lasted}, ${timeOfDay(resolvedAt)}`;
}

/** Where it stands: what is done, and who is waited for. */
export function statusProgress(status: StatusMessage): Phrase {
  const record = `Record: ${status.recordEntries === 1 ? '1 entry' : `${status.recordEntries} entries`}`;
  if (status.stage !== 'done') return say`Diagnosis: ${STAGES[status.stage]} · ${record}`;
  const { plan, review, execution } = partsOf(status);
  return say`Plan: ${plan} · Review: ${review} · Execution: ${execution} · ${record}`;
}

const STAGES: Record<Exclude<StatusMessage['stage'], 'done'>, string> = {
  queued: 'waiting for its turn',
  connecting: 'looking at the host (1 of 2)',
  judging: 'judging what was seen (2 of 2)',
};

type Parts = { readonly plan: string; readonly review: string; readonly execution: string };

function partsOf({ plan, diagnosis }: StatusMessage): Parts {
  if (plan !== null) return partsOfPlan(plan);
  const none = diagnosis?.verdict === 'healthy' ? 'none needed' : 'none';
  return { plan: none, review: '–', execution: '–' };
}

function partsOfPlan({ state, approvals, waitsFor }: NonNullable<StatusMessage['plan']>): Parts {
  const parts = PLAN_PARTS[state];
  if (waitsFor !== undefined) return { ...parts, execution: `waits for plan ${waitsFor}` };
  if (state === 'proposed' && approvals !== undefined) {
    return { ...parts, review: `${approvals.given} of ${approvals.needed} approvals, waiting for an approver` };
  }
  return parts;
}

const PLAN_PARTS: Record<NonNullable<StatusMessage['plan']>['state'], Parts> = {
  proposed: { plan: 'ready', review: 'waiting for an approver', execution: '–' },
  approved: { plan: 'ready', review: 'approved', execution: 'about to start' },
  executing: { plan: 'ready', review: 'approved', execution: 'running' },
  applied: { plan: 'ready', review: 'approved', execution: 'done' },
  undone: { plan: 'ready', review: 'approved', execution: 'undone, as before' },
  failed: { plan: 'ready', review: 'approved', execution: 'failed, see the thread' },
  stale: { plan: 'stale', review: 'approved', execution: 'nothing was changed' },
  rejected: { plan: 'ready', review: 'rejected', execution: '–' },
  expired: { plan: 'expired before it ran', review: '–', execution: '–' },
  superseded: { plan: 'set aside after a newer look at the host', review: '–', execution: '–' },
};

/** The whole message as a sentence, for notifications and screen readers. */
export function statusSentence(status: StatusMessage): Phrase {
  return say`${statusHeadline(status)} (incident ${status.incidentId}). ${sentenceOfProgress(status)}`;
}

function sentenceOfProgress(status: StatusMessage): string {
  if (status.resolvedAt !== null) {
    return `It took ${duration(Date.parse(status.resolvedAt) - Date.parse(status.openedAt))}.`;
  }
  if (status.stage !== 'done') return 'The verdict follows in the thread.';
  if (status.plan === null) return 'The details are in the thread.';
  const { plan, review, execution } = partsOfPlan(status.plan);
  return `Plan ${plan}; review: ${review}; execution: ${execution === '–' ? 'none' : execution}.`;
}
