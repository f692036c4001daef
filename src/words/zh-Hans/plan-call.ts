import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, type Phrase, say } from '../phrase.ts';
import { peopleList } from './people.ts';

type Call = Extract<ThreadMessage, { kind: 'call' }>;

/** Who is called, and why: a plan that still waits for a decision, since when and until when. */
export function planCall(message: Call): Phrase {
  const { call, plan, people, isOver } = message;
  const about = `方案 ${plan.id}（${plan.host}）`;
  if (isOver) return say`${bold(TITLES[call])}：${about}曾等待审批。`;
  const who = peopleList(people.users, people.groups) ?? [];
  const until = timeOfDay(plan.expiresAt);
  if (call === 'reminder') return say`${bold(TITLES[call])} ${who}：${about}正在等待审批，${until} 前有效。`;
  return say`${bold(TITLES[call])}至 ${who}：${about}自 ${timeOfDay(plan.createdAt)} 起无人审批，${until} 前有效。`;
}

const TITLES: Record<Call['call'], string> = { reminder: '提醒', escalation: '升级' };
