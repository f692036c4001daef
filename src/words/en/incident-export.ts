import type { Decision } from '../../model/plan/decision.ts';
import type { Execution } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { IncidentRecord, MessageDelivery } from '../../model/record/record.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { actorName } from './people.ts';
import { count, duration } from './time.ts';

/** The words around the four parts of an incident's export, for people who read it later. */

export function exportTitle({ id, host }: Incident): string {
  return `Incident ${id}: ${host}`;
}

export function exportOrigin({ openedBy, openedAt, closedAt }: Incident): Phrase {
  const opened = say`Opened by ${actorName(openedBy)}, ${dateAndTime(openedAt)}.`;
  if (closedAt === null) return say`${opened} Still open.`;
  const open = duration(Date.parse(closedAt) - Date.parse(openedAt));
  return say`${opened} Closed ${dateAndTime(closedAt)}, ${open} after it was opened.`;
}

export const EXPORT_PARTS = ['1. Plan', '2. Review', '3. Execution', '4. Record'] as const;

export const EXPORT_NONE = {
  diagnosis: 'No diagnosis was made.',
  plan: 'No plan was proposed.',
  review: 'There was nothing to decide on.',
  execution: 'Nothing was run.',
  entries: 'There are no entries.',
} as const;

export function exportedPlanTitle({ id }: Plan): string {
  return `Plan ${id}`;
}

export function exportedPlanFacts({ hash, risk, createdAt, expiresAt, requestedBy }: Plan): Phrase {
  return say`Made ${dateAndTime(createdAt)} at the request of ${actorName(requestedBy)}; expires ${dateAndTime(expiresAt)}; ${risk} access risk; hash ${code(hash)}.`;
}

export function exportedDecision({ planId, planHash, verdict, by, at, reason }: Decision): Phrase {
  const because = reason === null ? [] : say`: ${reason}`;
  return say`Plan ${planId} (${code(shortHash(planHash))}): ${VERDICTS[verdict]} by ${actorName(by)}, ${dateAndTime(at)}${because}.`;
}

const VERDICTS: Record<Decision['verdict'], string> = { approved: 'approved', rejected: 'rejected' };

/** Says that a plan was neither rejected nor approved by enough people. */
export function exportedUndecided(plan: Plan, state: PlanState, hasApprovals: boolean): Phrase {
  const who = hasApprovals ? 'not enough people approved it' : 'no one decided on it';
  return say`Plan ${plan.id}: ${who}; it ${UNDECIDED[state] ?? 'is open'}.`;
}

const UNDECIDED: Partial<Record<PlanState, string>> = {
  proposed: 'waits for a decision',
  expired: 'expired',
  superseded: 'was replaced by a newer diagnosis',
  stale: 'is out of date',
};

export function exportedExecution({ planId, intendedAt, finishedAt }: Execution): Phrase {
  const end = finishedAt === null ? say`its end is not known yet` : say`it ended ${dateAndTime(finishedAt)}`;
  return say`Plan ${planId}: the intent was on record ${dateAndTime(intendedAt)}; ${end}.`;
}

export const ALERTS_HEADING = ['since', 'alert is', 'from', 'it says'] as const;

export const STEPS_HEADING = ['path', 'before', 'after'] as const;

export const ENTRIES_HEADING = ['entry', 'when', 'what', 'who', 'plan', 'outcome', 'hash'] as const;

export function previousHash({ previousHash: hash }: AuditEntry): Phrase {
  return say`The hash of each entry covers the hash of the one before it, over all incidents; before the first one here stands ${code(hash)}.`;
}

/** How much of it the thread has shown. */
export function deliveries(messages: IncidentRecord['messages']): Phrase {
  const by = (kind: MessageDelivery['kind']) => messages.filter(({ delivery }) => delivery.kind === kind).length;
  const givenUp = by('given-up');
  const lost = givenUp === 0 ? '' : `, ${count(givenUp, 'message')} that Slack would not take`;
  return say`In Slack: ${count(by('delivered'), 'message')} delivered, ${by('waiting')} on the way${lost}.`;
}
