import type { ThreadMessage } from '../../model/record/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** Why these people are called: a plan that still waits for a decision, since when and until when. */
export function planCall(message: Call): Phrase {
  const { call, plan, people, isOver } = message;
  const title = bold(TITLES[call]);
  const about = `方案 ${plan.id}（${plan.host}）`;
  if (isOver) return say`${title}${about}曾等待审批。`;
  const who = peopleList(people.users, people.groups) ?? [];
  const until = timeOfDay(plan.expiresAt);
  if (call === 'reminder') return say`${title}${about}正在等待审批，${until} 前有效。${who}`;
  return say`${title}${about}自 ${timeOfDay(plan.createdAt)} 起无人审批，${until} 前有效。${who}`;
}

const TITLES: Record<Call['call'], string> = { reminder: '提醒：', escalation: '升级：' };
