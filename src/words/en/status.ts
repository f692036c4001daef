import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Finding, FindingId } from '../../model/finding.ts';
import type { StatusMessage } from '../../model/thread-message.ts';
import { type Phrase, say } from '../phrase.ts';
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
  const clause = first === undefined ? undefined : headlineOf(first);
  if (verdict === 'faulty') return clause ?? 'the registry is not well';
  return clause === undefined ? 'I cannot tell whether the registry is well' : `I cannot tell: ${clause}`;
}

function headlineOf(finding: Finding): string | undefined {
  if (finding.id === 'registry-not-answering' && !finding.asked) return 'the registry could not be asked';
  return HEADLINES[finding.id];
}

const CANNOT_REACH = 'the registry cannot reach its storage';

/** Findings that have no line here are too small to be the headline by themselves. */
const HEADLINES: Partial<Record<FindingId, string>> = {
  'untraversable-ancestor': CANNOT_REACH,
  'dangling-link': CANNOT_REACH,
  'storage-root-missing': CANNOT_REACH,
  'not-a-directory': CANNOT_REACH,
  'symlink-loop': CANNOT_REACH,
  'nosymfollow-mount': CANNOT_REACH,
  'protected-symlink': CANNOT_REACH,
  'immutable-directory': 'the registry cannot write to its storage',
  'security-module-denies': 'most likely a security module keeps the registry from its storage',
  'storage-root-unusable': 'the registry cannot use its storage',
  'readonly-mount': 'the registry cannot write to its storage',
  'inner-directory-unusable': 'the registry can’t use a directory inside its storage',
  'storage-spans-filesystems': 'pushes fail: the storage is spread over two mounts',
  'file-unusable': 'the registry can’t use a file that it needs',
  'image-data-missing': 'image data is missing, so some tags can’t be pulled',
  'mount-missing': "the registry's disk is not mounted",
  'wrong-disk-mounted': 'another disk is mounted than should be',
  'filesystem-full': "the registry's disk is full",
  'stale-handle': CANNOT_REACH,
  'server-denies': 'the file server keeps the registry from its storage',
  'mount-options-deny': 'mount options keep the registry from its storage',
  'disk-not-judged': "the state of the registry's disk could not be judged",
  'access-disagreement': 'what I read and what the kernel answers do not agree',
  'path-not-visible': 'a part of the storage path is out of my sight',
  'access-not-judged': 'access to the storage could not be judged',
  'service-not-running': 'the registry is not running',
  'identity-unknown': 'I do not know which user the registry runs as',
  'storage-root-unknown': 'I do not know where the registry keeps its images',
  'other-mount-namespace': 'the registry runs in a mount namespace of its own',
  'registry-unwell': 'the registry says that it is not well',
  'registry-not-answering': 'the registry does not answer',
  'login-key-unusable': 'my SSH key can’t be used',
  'host-unreachable': 'the host cannot be reached',
  'host-key-mismatch': 'the host key could not be confirmed, so I did not connect',
  'authentication-failed': 'the host does not let me log in',
  'sudo-refused': 'the host does not let me use sudo',
  'probe-timed-out': 'the host did not answer in time',
  'probe-malformed': 'the host gave an answer that I do not understand',
};

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
