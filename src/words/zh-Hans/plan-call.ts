import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** Why these people are called: a plan that still waits for a decision, until when, and since when. */
export function planCall({ call, plan, people }: Call): Phrase {
  const who = peopleList(people.users, people.groups) ?? [];
  const what = `方案 ${plan.id}（${plan.host}）`;
  if (call === 'reminder') {
    return say`${bold('提醒：')}${what}仍在等待审批，${timeOfDay(plan.expiresAt)} 前有效。${who}`;
  }
  return say`${bold('升级：')}自 ${timeOfDay(plan.createdAt)} 起无人对${what}作出决定。该方案 ${timeOfDay(plan.expiresAt)} 前有效。${who}`;
}
