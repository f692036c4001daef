import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** Why these people are called: a plan that still waits for a decision, until when, and since when. */
export function planCall({ call, plan, people }: Call): Phrase {
  const who = peopleList(people.users, people.groups) ?? [];
  const what = `plan ${plan.id} for ${plan.host}`;
  if (call === 'reminder') {
    return say`${bold('Reminder:')} ${what} still waits for a decision and expires ${timeOfDay(plan.expiresAt)}. ${who}`;
  }
  return say`${bold('Escalated:')} no one has decided on ${what} since ${timeOfDay(plan.createdAt)}. It expires ${timeOfDay(plan.expiresAt)}. ${who}`;
}
