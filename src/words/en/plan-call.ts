import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** Who is called, and why: a plan that still waits for a decision, since when and until when. */
export function planCall(message: Call): Phrase {
  const { call, plan, people, isOver } = message;
  const about = `plan ${plan.id} for ${plan.host}`;
  if (isOver) return say`${bold(TITLES[call])}: ${about} was waiting for a decision.`;
  const who = peopleList(people.users, people.groups) ?? [];
  const until = timeOfDay(plan.expiresAt);
  if (call === 'reminder') {
    return say`${bold(TITLES[call])} for ${who}: ${about} is waiting for a decision and expires ${until}.`;
  }
  return say`${bold(TITLES[call])} to ${who}: no decision on ${about} since ${timeOfDay(plan.createdAt)}. It expires ${until}.`;
}

const TITLES: Record<Call['call'], string> = { reminder: 'Reminder', escalation: 'Escalation' };
