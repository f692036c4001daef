import type { Plan } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { Act, AuditEntry, IncidentEntry } from '../../model/record/audit.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { RecordTransaction } from '../ports/record.ts';
import { postRecordLine } from './messages.ts';

/** The bot's own work, as opposed to a person's decision. */
export const BY_WORKFLOW: Actor = { kind: 'bot', part: 'workflow' };

/** What an action is about: one plan, or its incident. */
type Subject = Plan | Pick<Incident, 'id' | 'host'>;

type NewAct = {
  readonly act: Act;
  readonly actor: Actor;
  readonly now: Date;
  /** Default: nothing to add. */
  readonly outcome?: AuditEntry['outcome'];
};

/** Records an action and posts it in the thread, on a line of its own. */
export async function recordAct(tx: RecordTransaction, subject: Subject, act: NewAct): Promise<IncidentEntry> {
  const entry = await appendAct(tx, subject, act);
  await postRecordLine(tx, subject.host, entry);
  return entry;
}

/**
 * Records an action that another message shows, for example a card with its mark. Every other action goes through
 * `recordAct`.
 */
export function appendAct(
  tx: RecordTransaction,
  subject: Subject,
  { act, actor, now, outcome = {} }: NewAct,
): Promise<IncidentEntry> {
  return tx.appendAudit({ at: now.toISOString(), actor, act, outcome, ...subjectOf(subject) });
}

function subjectOf(subject: Subject): Pick<IncidentEntry, 'incidentId' | 'planId' | 'planHash'> {
  return 'incidentId' in subject
    ? { incidentId: subject.incidentId, planId: subject.id, planHash: subject.hash }
    : { incidentId: subject.id, planId: null, planHash: null };
}
