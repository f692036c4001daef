import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Finding, FindingId } from '../../model/finding.ts';
import type { StatusMessage } from '../../model/thread-message.ts';
import { type Phrase, say } from '../phrase.ts';
import { actorName, actorNames, peopleList } from './people.ts';
import { count, duration, timeOfDay } from './time.ts';

/** What is broken and where, in one line: the first thing that anyone reads. */
export function statusHeadline(status: StatusMessage): string {
  return `${status.host}: ${stateOfRegistry(status)}`;
}

function stateOfRegistry({ stage, diagnosis, resolvedAt }: StatusMessage): string {
  if (resolvedAt !== null) return 'the registry is healthy again';
  if (stage === 'done') return diagnosis === null ? 'the diagnosis did not finish' : diagnosisHeadline(diagnosis);
  return 'diagnosing the registry';
}

/** The verdict of a diagnosis in one clause, without the host's name. */
export function diagnosisHeadline({ verdict, findings, v2 }: Diagnosis): string {
  const first = findings[0];
  if (verdict === 'healthy') return 'the registry is healthy';
  const clause = first === undefined ? undefined : headlineOf(first);
  if (verdict === 'inconclusive') return clause ?? 'the diagnosis was inconclusive';
  const status = v2 !== null && v2.status >= 500 ? ` (${v2.status})` : '';
  return `${clause ?? 'the registry is unhealthy'}${status}`;
}

function headlineOf(finding: Finding): string | undefined {
  if (finding.id === 'registry-not-answering' && !finding.asked) return 'the registry could not be checked';
  return HEADLINES[finding.id];
}

const CANNOT_REACH = 'the registry can’t reach its storage';

/** Findings that have no line here are too small to be the headline by themselves. */
const HEADLINES: Partial<Record<FindingId, string>> = {
  'untraversable-ancestor': CANNOT_REACH,
  'dangling-link': CANNOT_REACH,
  'storage-root-missing': CANNOT_REACH,
  'not-a-directory': CANNOT_REACH,
  'symlink-loop': CANNOT_REACH,
  'nosymfollow-mount': CANNOT_REACH,
  'protected-symlink': CANNOT_REACH,
  'immutable-directory': 'the registry can’t write to its storage',
  'security-module-denies': 'a security module probably blocks the registry’s storage',
  'storage-root-unusable': 'the registry can’t use its storage',
  'readonly-mount': 'the registry can’t write to its storage',
  'inner-directory-unusable': 'the registry can’t use a directory inside its storage',
  'storage-spans-filesystems': 'pushes fail: the storage is spread over two mounts',
  'file-unusable': 'the registry can’t use a file that it needs',
  'image-data-missing': 'image data is missing, so some tags can’t be pulled',
  'mount-missing': 'the registry’s disk is not mounted',
  'wrong-disk-mounted': 'the wrong disk is mounted',
  'filesystem-full': 'the registry’s disk is full',
  'stale-handle': CANNOT_REACH,
  'server-denies': 'the file server blocks the registry’s storage',
  'mount-options-deny': 'mount options block the registry’s storage',
  'disk-not-judged': 'the state of the registry’s disk could not be checked',
  'access-disagreement': 'file permissions and the kernel’s answer disagree',
  'path-not-visible': 'part of the storage path could not be checked',
  'access-not-judged': 'access to the storage could not be checked',
  'service-not-running': 'the registry is not running',
  'identity-unknown': 'the user that the registry runs as is unknown',
  'storage-root-unknown': 'the place where the registry keeps its images is unknown',
  'other-mount-namespace': 'the registry runs in a mount namespace of its own',
  'registry-unwell': 'the registry reports that it is unhealthy',
  'registry-not-answering': 'the registry does not answer',
  'host-unreachable': 'the host is unreachable',
  'host-key-mismatch': 'the SSH host key could not be verified, so I did not connect',
  'authentication-failed': 'SSH login failed',
  'sudo-refused': 'sudo was refused on the host',
  'probe-timed-out': 'the checks timed out',
  'probe-malformed': 'the host returned output that I can’t read',
};

/** Under the headline: who opened the incident and when; at its end, when that was and after how long. */
export function statusOrigin({ openedBy, openedAt, resolvedAt }: StatusMessage): Phrase {
  if (resolvedAt !== null) {
    return say`Resolved at ${timeOfDay(resolvedAt)}, ${timeOpen(openedAt, resolvedAt)} after the incident was opened`;
  }
  const verb = openedBy.kind === 'bot' ? 'Detected' : 'Requested';
  return say`${verb} by ${actorName(openedBy)} at ${timeOfDay(openedAt)}`;
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
};

/** The whole message as a sentence, for notifications and screen readers. */
export function statusSentence(status: StatusMessage): Phrase {
  return say`${statusHeadline(status)} (incident ${status.incidentId}). ${sentenceOfProgress(status)}`;
}

function sentenceOfProgress(status: StatusMessage): Phrase {
  const { openedAt, resolvedAt, stage, plan } = status;
  if (resolvedAt !== null) {
    return say`Resolved ${timeOpen(openedAt, resolvedAt)} after the incident was opened.`;
  }
  if (stage !== 'done') return say`The verdict follows in the thread.`;
  if (plan === null) return say`The details are in the thread.`;
  const parts = partsOfPlan(plan);
  return say`Plan: ${parts.plan}; review: ${parts.review}; execution: ${parts.execution}.`;
}
