import type { Plan } from '../../model/plan/plan.ts';
import type { Act, AuditEntry } from '../../model/record/audit.ts';
import type { CheckpointNotice } from '../../model/record/messages/notices.ts';
import type { EntryMark, ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, capitalised, code, type Phrase, type Run, say, separated } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { entryReason } from './entry-reason.ts';
import { actorName, actorNames } from './people.ts';
import { flappingNote } from './status.ts';
import { count } from './time.ts';

/** Which plan something is about, by number and hash: `plan 142-1 9f2c…`. */
function planMark({ id, hash }: Pick<Plan, 'id' | 'hash'>): Phrase {
  return say`plan ${id} ${code(shortHash(hash))}`;
}

/** The number and the hash of an audit entry, by which a message in the thread is a witness of it: `#7 c41a…`. */
export function entryMark(mark: EntryMark): Phrase {
  return say`#${mark.sequence} ${code(shortHash(mark.hash))}`;
}

/** Lists all entries that one message covers, in order: `record #4 c41a…, #5 77e0…`. */
export function entryMarks(earlier: readonly EntryMark[] | undefined, last: EntryMark): Phrase {
  return say`record ${separated([...(earlier ?? []), last].map(entryMark), ', ')}`;
}

/** The last line of a verdict: its audit entries, and how long the diagnosis took. */
export function verdictMarks({ earlier, record }: Extract<ThreadMessage, { kind: 'verdict' }>, took: string): Phrase {
  return say`${capitalised(entryMarks(earlier, record))} · ${took}`;
}

type OutcomeMessage = Extract<ThreadMessage, { kind: 'execution' | 'verification' }>;

/** Who approved the plan of an outcome, and when the last of them did. */
export function approvedBy({ by, at }: NonNullable<OutcomeMessage['approval']>): Phrase {
  return say`Approved by ${actorNames(by)} at ${timeOfDay(at)}`;
}

/** The last line of an outcome: who `approved` which plan, unless another message shows that, and its audit entries. */
export function outcomeMarks({ plan, earlier, record }: OutcomeMessage, approved: Phrase | null): Phrase {
  const parts = [...(approved === null ? [] : [approved]), planMark(plan), entryMarks(earlier, record)];
  return capitalised(separated(parts, ' · '));
}

/** An act that has no card of its own, in one line; its marks come after it. */
export function recordLine({ host, entry }: Extract<ThreadMessage, { kind: 'record' }>): Phrase {
  const plan = entry.planId === null ? [] : say`, plan ${entry.planId}${hashOf(entry)}`;
  const because = entryReason(entry) ?? reasonGiven(entry) ?? flappingOf(entry);
  return say`${actLabel(entry.act)}${approvalCount(entry)} on ${host} by ${actorName(entry.actor)} at ${timeOfDay(entry.at)}${plan}${because === null ? [] : say`: ${because}`}`;
}

/** The head of the daily post of a checkpoint. */
export function checkpointTitle({ entries }: CheckpointNotice): Phrase {
  return say`${bold('Checkpoint')} of the audit record: ${count(entries, 'entry', 'entries')}. Keep the line to verify the record against it later.`;
}

/** Adds the {@link entryMarks} to a line of a card. */
export function lineWithMarks(line: Phrase, marks: Phrase): Phrase {
  return say`${line} · ${marks}`;
}

/** Adds the {@link entryMarks} to the sentence of a message whose card is not shown. */
export function sentenceWithMarks(sentence: Phrase, marks: Phrase): Phrase {
  return say`${sentence} ${capitalised(marks)}`;
}

/** How often the registry changed. Null: the act is not about that. */
function flappingOf({ act, outcome: { since, changes } }: AuditEntry): Phrase | null {
  const isTold = act === 'flapping-began' && typeof since === 'string' && typeof changes === 'number';
  return isTold ? flappingNote({ since, changes }) : null;
}

/** Returns the reason that a person gave for the act. Null: none. */
function reasonGiven({ outcome: { reason } }: AuditEntry): string | null {
  return typeof reason === 'string' ? reason : null;
}

/** Says which approval this one is, if the plan needs more than one. */
function approvalCount({ outcome: { approval, needed } }: AuditEntry): string {
  return typeof approval === 'number' && typeof needed === 'number' && needed > 1 ? ` (${approval} of ${needed})` : '';
}

export function actLabel(act: Act): Run {
  return bold(ACTS[act]);
}

function hashOf({ planHash }: AuditEntry): Phrase {
  return planHash === null ? [] : say` ${code(shortHash(planHash))}`;
}

const ACTS: Record<Act, string> = {
  'incident-opened': 'Incident opened',
  'diagnosis-requested': 'Diagnosis requested',
  diagnosed: 'Diagnosed',
  'plan-proposed': 'Plan proposed',
  'plan-superseded': 'Plan replaced',
  'plan-expired': 'Plan expired',
  'plan-endorsed': 'Approval given',
  'plan-approved': 'Plan approved',
  'plan-rejected': 'Plan rejected',
  'plan-withdrawn': 'Plan withdrawn',
  'approvers-reminded': 'Approvers reminded',
  'plan-escalated': 'Plan escalated',
  'break-glass-refused': 'Break glass refused',
  'execution-intended': 'Execution starting',
  'execution-sent-again': 'Sent to the host again',
  'execution-unresolved': 'Outcome unknown',
  'execution-finished': 'Execution finished',
  verified: 'Verified',
  'incident-acknowledged': 'Incident acknowledged',
  'incident-resolved': 'Incident resolved',
  'incident-reopened': 'Incident reopened',
  'fault-noticed': 'Fault noticed',
  'flapping-began': 'Flapping began',
  'flapping-ended': 'Flapping ended',
  muted: 'Muted',
  unmuted: 'Unmuted',
  'fault-muted': 'Fault while muted',
  'muted-fault-over': 'Fault while muted over',
  'incident-closed': 'Incident closed',
  'record-exported': 'Record exported',
  'config-changed': 'Config changed',
  erased: 'Erased',
  'older-copy-found': 'Older copy found',
  'details-dropped': 'Details dropped',
  'entries-not-sent': 'Entries not sent to the collector',
  'check-failed': 'Check failed',
  'monitoring-lost': 'Monitoring lost',
  'monitoring-restored': 'Monitoring restored',
};
