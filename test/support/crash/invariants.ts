import { z } from 'zod';
import type { IncidentRecord } from '../../../src/model/record/record.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';

export const INVARIANTS = [
  'each approval is executed at most once',
  'what was executed is on record',
  'each entry is in its thread once and in order',
  'the record and its tree are valid',
  'no incident is stuck',
] as const;
export type Invariant = (typeof INVARIANTS)[number];

export type Violation = { readonly invariant: Invariant; readonly what: string };

/** What is not as it has to be after all that happened to one host. `changes`: how often the kernel saw the fix of its first blocker. */
export function violationsOf(
  records: readonly IncidentRecord[],
  changes: number,
  slack: SlackStandIn,
): readonly Violation[] {
  return [...executionViolations(records, changes), ...records.flatMap((record) => threadViolations(record, slack))];
}

function executionViolations(records: readonly IncidentRecord[], changes: number): readonly Violation[] {
  const plans = records.flatMap((record) => record.plans);
  const entries = records.flatMap((record) => record.entries);
  const outcomes = plans.flatMap(({ execution }) => execution?.outcome?.kind ?? []);
  const applied = outcomes.filter((kind) => kind === 'applied').length;
  // An undone plan changes a directory and changes it back, if it came so far.
  const mostChanges = applied + 2 * outcomes.filter((kind) => kind === 'undone' || kind === 'undo-failed').length;
  const violations: Violation[] = [];
  const once: Invariant = 'each approval is executed at most once';
  if (changes > mostChanges)
    violations.push({ invariant: once, what: `${changes} changes by ${applied} applied plans` });
  for (const { plan, state, execution } of plans) {
    const count = (act: string) => entries.filter((entry) => entry.planId === plan.id && entry.act === act).length;
    const [intents, ends] = [count('execution-intended'), count('execution-finished')];
    if (intents > 1 || ends > 1)
      violations.push({ invariant: once, what: `${plan.id}: ${intents} intents, ${ends} ends` });
    const hasEnd = ends === 1 || execution === null || execution.outcome?.kind === 'never-started';
    if (!hasEnd) violations.push({ invariant: 'what was executed is on record', what: `${plan.id} is ${state}` });
  }
  if (changes < applied)
    violations.push({ invariant: 'what was executed is on record', what: `${applied} applied, ${changes} changes` });
  return violations;
}

const Mark = z.object({ key: z.string(), folded: z.array(z.object({ key: z.string() })).default([]) });

function threadViolations({ incident, entries, messages }: IncidentRecord, slack: SlackStandIn): readonly Violation[] {
  const head = messages.find(({ body }) => body.kind === 'status')?.delivery;
  const thread = head?.kind === 'delivered' ? slack.thread(incident.channel, head.ts) : [];
  const shown = thread.flatMap(numbersIn);
  const wanted = entries.map(({ sequence }) => sequence);
  const heads = slack.messages(incident.channel).filter((one) => keysIn(one).includes(`status:${incident.id}`));
  const violations: Violation[] = [];
  const invariant = 'each entry is in its thread once and in order';
  if (shown.join() !== wanted.join())
    violations.push({ invariant, what: `incident ${incident.id} shows ${shown} of ${wanted}` });
  if (heads.length !== 1) violations.push({ invariant, what: `incident ${incident.id} has ${heads.length} threads` });
  const keys = thread.flatMap(keysIn);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length > 0) violations.push({ invariant, what: `incident ${incident.id} says ${twice} twice` });
  return violations;
}

/** The numbers of the entries that a message tells of. */
function numbersIn({ blocks }: SlackMessage): readonly number[] {
  return [...JSON.stringify(blocks).matchAll(/#(\d+) /g)].map(([, number]) => Number(number));
}

function keysIn({ metadata }: SlackMessage): readonly string[] {
  const { data } = Mark.safeParse(metadata?.event_payload);
  return data === undefined ? [] : [data.key, ...data.folded.map(({ key }) => key)];
}

/** Work that nobody would end: null if there is none. */
export function stuckWork({ incident, plans, messages }: IncidentRecord): string | null {
  if (incident.state === 'diagnosing' || incident.state === 'executing') return `is ${incident.state}`;
  const open = plans.find(({ state }) => state === 'approved' || state === 'executing');
  if (open !== undefined) return `plan ${open.plan.id} is ${open.state}`;
  const waiting = messages.filter(({ delivery }) => delivery.kind !== 'delivered');
  return waiting.length === 0 ? null : `${waiting.length} messages are not in Slack`;
}
