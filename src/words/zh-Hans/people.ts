import type { Actor } from '../../model/record/actor.ts';
import type { GroupId, UserId } from '../../model/record/ids.ts';
import { code, type Phrase, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { listOf } from './list.ts';

/** Who did something, as the subject of a sentence: "… 已批准", or after 由. */
export function actorName(actor: Actor): Phrase {
  switch (actor.kind) {
    case 'slack-user':
      return [{ kind: 'user', user: actor.user }];
    case 'terminal':
      return atTerminal(actor);
    case 'signal':
      return say`信号 ${code(actor.signal)}`;
    case 'alert':
      return say`告警源 ${code(actor.source)}`;
    case 'erased':
      return say`${actor.was === 'terminal' ? '终端' : 'Slack '}中已被抹去姓名的人`;
    case 'bot':
      return say`${BOT_PARTS[actor.part]}`;
  }
}

function atTerminal({ user, breakGlass }: Extract<Actor, { kind: 'terminal' }>): Phrase {
  const name = code(visibleText(user));
  if (breakGlass === undefined) return say`${name}（终端）`;
  return say`${name}（终端，应急通道，使用 ${code(visibleText(breakGlass.principal))} 的密钥 ${code(breakGlass.fingerprint)}）`;
}

const BOT_PARTS: Readonly<Record<Extract<Actor, { kind: 'bot' }>['part'], string>> = {
  watch: '监控',
  'deep-look': '监控的完整诊断',
  'nightly-look': '夜间检查',
  workflow: 'Registry Doctor',
};

/** People as a list in words. */
export function actorNames(actors: readonly Actor[]): Phrase {
  return listed(actors.map(actorName), 'and');
}

const MAX_NAMED = 20;

/** Users and user groups as a list in words; null when there is no one. */
export function peopleList(
  users: readonly UserId[],
  groups: readonly GroupId[],
  lastWord: 'and' | 'or' = 'and',
): Phrase | null {
  const all: Phrase[] = [
    ...users.map((user): Phrase => [{ kind: 'user', user }]),
    ...groups.map((group): Phrase => [{ kind: 'group', group }]),
  ];
  if (all.length === 0) return null;
  return listed(all, lastWord);
}

/** Names beside one another need no 和; 或 says that one is enough. */
function listed(all: readonly Phrase[], lastWord: 'and' | 'or'): Phrase {
  const hidden = all.length - MAX_NAMED;
  const shown = hidden <= 0 ? all : [...all.slice(0, MAX_NAMED), say`另外 ${hidden} 个`];
  return lastWord === 'and' ? separated(shown, '、') : listOf(shown, 'or');
}
