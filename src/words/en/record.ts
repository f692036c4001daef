import type { Act, AuditEntry } from '../../model/audit.ts';
import type { HostName, Sha256 } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import type { RecordMark } from '../../model/thread-message.ts';
import { bold, code, type Phrase, type Run, say } from '../phrase.ts';
import { actorName } from './people.ts';
import { timeOfDay } from './time.ts';

/** The first digits of a hash, enough to compare with the record by eye: `9f2c…`. */
export function shortHash(hash: Sha256): string {
  return `${hash.slice('sha256:'.length, 'sha256:'.length + 4)}…`;
}

/** Which plan something is about, by number and hash: `Plan 142-1 9f2c… ·`. */
export function planMark({ id, hash }: Pick<Plan, 'id' | 'hash'>): Phrase {
  return say`Plan ${id} ${code(shortHash(hash))} ·`;
}

/** The number and the hash of an audit entry, by which a message in the thread is a witness of it: `#7 c41a…`. */
export function recordMark(mark: RecordMark): Phrase {
  return say`#${mark.sequence} ${code(shortHash(mark.hash))}`;
}

/** An act that has no card of its own, in one line. */
export function recordLine(host: HostName, entry: AuditEntry): Phrase {
  const plan = entry.planId === null ? [] : say`, plan ${entry.planId}${hashOf(entry)}`;
  const { why, reason, because: since } = entry.outcome;
  const because = [why, reason, since].find((text) => typeof text === 'string');
  return say`${actLabel(entry.act)}${approvalCount(entry)} on ${host} by ${actorName(entry.actor)}, ${timeOfDay(entry.at)}${plan}${because === undefined ? [] : say`: ${because}`} · ${recordMark(entry)}`;
}

/** Where more than one is needed: which of them this one is. */
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
  'diagnosis-requested': 'Diagnosis asked for',
  diagnosed: 'Diagnosed',
  'plan-proposed': 'Plan proposed',
  'plan-superseded': 'Plan set aside',
  'plan-expired': 'Plan expired',
  'plan-endorsed': 'Approval given',
  'plan-approved': 'Plan approved',
  'plan-rejected': 'Plan rejected',
  'break-glass-refused': 'Break glass refused',
  'execution-intended': 'Execution intended',
  'execution-sent-again': 'Sent to the host again',
  'execution-finished': 'Execution finished',
  verified: 'Verified',
  'incident-resolved': 'Incident resolved',
  'incident-closed': 'Incident closed',
};
