import type { IncidentRecord } from '../../../src/model/record/record.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { Asked } from '../crash/people.ts';

/** A bot acknowledges first. For so long after that it might not have got to the record, which waits for Postgres at most 15 s. */
const RECORDED_WITHIN_MS = 20_000;

/** This answer comes beside an entry, not in place of one. */
const BESIDE_ENTRY = /diagnosing it again there/;

export type Requests = {
  readonly asked: readonly Asked[];
  /** When the bot that acknowledged the request was killed (performance.now()). */
  readonly killsOf: (request: Asked) => readonly number[];
  /** The private answers to the person who asked. */
  readonly answers: ReturnType<SlackStandIn['ephemerals']>;
};

export type LostRequests = {
  /** Acknowledged by a bot that lived on, and neither on record nor answered. */
  readonly lost: readonly Asked[];
  /** The bot that acknowledged it was killed right after that. Slack shows no answer, so the person asks again. */
  readonly killed: readonly Asked[];
};

/** What became of the requests that Slack saw acknowledged. */
export function lostRequests(records: readonly IncidentRecord[], { asked, killsOf, answers }: Requests): LostRequests {
  const recorded = new Set(records.flatMap(requestsOf));
  const inPlace = answers.filter(({ text }) => !BESIDE_ENTRY.test(text));
  const answered = new Set(inPlace.map(({ responseUrl }) => responseUrl));
  const unanswered = asked.filter(
    ({ triggerId, responseUrl }) => !recorded.has(triggerId) && !answered.has(responseUrl),
  );
  const isExcused = (one: Asked) =>
    killsOf(one).some((at) => at > one.acknowledgedAt - 1_000 && at < one.acknowledgedAt + RECORDED_WITHIN_MS);
  return { lost: unanswered.filter((one) => !isExcused(one)), killed: unanswered.filter(isExcused) };
}

/** The trigger ids of the requests that opened the incident, or had it diagnosed again. */
function requestsOf({ incident, entries }: IncidentRecord): readonly string[] {
  const keys = [incident.requestKey, ...entries.map(({ outcome }) => outcome['request'])];
  return keys.flatMap((key) => (typeof key === 'string' ? key.replace(/^slack:[^:]*:/, '') : []));
}
