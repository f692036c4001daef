import type { Decision } from '../../model/plan/decision.ts';
import type { Execution } from '../../model/plan/execution.ts';
import type { Plan, PlanState } from '../../model/plan/plan.ts';
import type { Actor } from '../../model/record/actor.ts';
import type { AuditEntry } from '../../model/record/audit.ts';
import type { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import type { ToldIncident, Uncovered } from '../../model/record/documents/exported-incident.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { MessageDelivery } from '../../model/record/record.ts';
import { dateAndTime } from '../moment.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
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

/** How long the registry was down, and what took how long. Empty: none of it is known. */
export function exportedNumbers(numbers: ClosingNumbers): Phrase {
  const { downSince, downMs, noticedAfterMs, countedFrom } = numbers;
  const down =
    downSince === undefined || downMs === undefined
      ? []
      : [say`The registry was down for ${duration(downMs)}: its first failed check was ${dateAndTime(downSince)}.`];
  const noticed =
    noticedAfterMs === undefined ? [] : [say`It was noticed ${duration(noticedAfterMs)} after that check.`];
  const steps = stepsOf(numbers);
  const taken =
    countedFrom === undefined || steps.length === 0
      ? []
      : [say`Counted from ${dateAndTime(countedFrom)}: ${steps.join(', ')}.`];
  return separated([...down, ...noticed, ...taken], ' ');
}

function stepsOf({ verdictAfterMs, approvedAfterMs, recoveredAfterMs }: ClosingNumbers): readonly string[] {
  return [
    ...(verdictAfterMs === undefined ? [] : [`verdict after ${duration(verdictAfterMs)}`]),
    ...(approvedAfterMs === undefined ? [] : [`approval after ${duration(approvedAfterMs)}`]),
    ...(recoveredAfterMs === undefined ? [] : [`recovery after ${duration(recoveredAfterMs)}`]),
  ];
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

export function exportedDecision({ planId, planHash, verdict, by, at, reason, signature }: Decision): Phrase {
  const because = reason === null ? [] : say`: ${reason}`;
  const signed = signature === undefined ? '' : ', signed with their own SSH key';
  return say`Plan ${planId} (${code(shortHash(planHash))}): ${VERDICTS[verdict]} by ${actorName(by)}${PLACES[by.kind]}${signed}, ${dateAndTime(at)}${because}.`;
}

/** Through what people decided, unless their name says it. */
const PLACES: Record<Actor['kind'], string> = {
  'slack-user': ' in Slack',
  terminal: '',
  signal: '',
  alert: '',
  bot: '',
  erased: '',
};

const VERDICTS: Record<Decision['verdict'], string> = { approved: 'approved', rejected: 'rejected' };

/** Says that a plan was neither rejected nor approved by enough people. */
export function exportedUndecided(plan: Plan, state: PlanState, hasApprovals: boolean): Phrase {
  const who = hasApprovals ? 'not enough people approved it' : 'no one decided on it';
  return say`Plan ${plan.id}: ${who}; it ${UNDECIDED[state] ?? 'is open'}.`;
}

const UNDECIDED: Partial<Record<PlanState, string>> = {
  proposed: 'waits for a decision',
  expired: 'expired',
  withdrawn: 'was withdrawn by its requester',
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
export function deliveries(messages: ToldIncident['messages']): Phrase {
  const by = (kind: MessageDelivery['kind']) => messages.filter(({ delivery }) => delivery.kind === kind).length;
  const givenUp = by('given-up');
  const lost = givenUp === 0 ? '' : `, ${count(givenUp, 'message')} that Slack would not take`;
  return say`In Slack: ${count(by('delivered'), 'message')} delivered, ${by('waiting')} on the way${lost}.`;
}

export const HTML_LANGUAGE = 'en';
export const HTML_TITLE = 'Registry Doctor: incident record';

/** Diagnoses that were erased, or dropped by age. */
export function diagnosesRemoved(diagnoses: number): string {
  return `${count(diagnoses, 'diagnosis', 'diagnoses')} removed from the record.`;
}

/** Where the picture of a path is, in a document that has none. */
export function picturesElsewhere({ id }: Incident): Phrase {
  return say`The path as a picture: ${code(`registry-doctor audit export ${id} --format html`)}`;
}

type Coverage = { readonly entries: number; readonly uncovered: number; readonly why: Uncovered | null };

/** How far the checkpoint covers the entries. */
export function coverage({ entries, uncovered, why }: Coverage): string {
  if (uncovered === 0)
    return `The checkpoint below is signed, and covers each of these ${count(entries, 'entry', 'entries')}:`;
  const because = why === null ? '' : `: ${UNCOVERED[why]}`;
  if (uncovered === entries) return `No signed checkpoint covers these entries${because}.`;
  return `The signed checkpoint below doesn’t cover the last ${count(uncovered, 'entry', 'entries')}${because}.`;
}

const UNCOVERED: Record<Uncovered, string> = {
  'no-key': 'none is newer, and there was no key to sign one',
  'not-signed': 'the signing key could not be used',
  contradicted: 'the record is not the one that its newest checkpoint was signed over',
};

/** How to check the document, and what its proof leaves out. */
export function proofNotes(): readonly Phrase[] {
  return [
    say`This file holds the proof of each entry. Check it offline: ${code('registry-doctor audit verify FILE --key KEY')}. docs/record.md has the same steps for openssl and sha256sum.`,
    say`The proof does not cover the words of alerts and what Slack shows. Whether more was recorded after the last entry, only a newer export can say.`,
  ];
}
