import type { Actor } from '../../model/record/actor.ts';
import type { GroupId, UserId } from '../../model/record/ids.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { allOf, anyOf } from './lists.ts';

/** Who did something, as the end of a sentence: "approved by …". */
export function actorName(actor: Actor): Phrase {
  switch (actor.kind) {
    case 'slack-user':
      return [{ kind: 'user', user: actor.user }];
    case 'terminal':
      return atTerminal(actor);
    case 'signal':
      return say`signal ${code(actor.signal)}`;
    case 'alert':
      return say`the alert source ${code(actor.source)}`;
    case 'erased':
      return say`a person ${actor.was === 'terminal' ? 'at a terminal' : 'in Slack'} whose name was erased`;
    case 'bot':
      return say`${BOT_PARTS[actor.part]}`;
  }
}

function atTerminal({ user, breakGlass }: Extract<Actor, { kind: 'terminal' }>): Phrase {
  const who = say`${code(visibleText(user))} at a terminal`;
  if (breakGlass === undefined) return who;
  return say`${who}, by break glass with the key of ${code(visibleText(breakGlass.principal))} (${code(breakGlass.fingerprint)})`;
}

const BOT_PARTS: Readonly<Record<Extract<Actor, { kind: 'bot' }>['part'], string>> = {
  watch: 'monitoring',
  'deep-look': 'a full diagnosis by monitoring',
  'nightly-look': 'the nightly check',
  workflow: 'Registry Doctor',
};

/** People as a list in words, after a "by". */
export function actorNames(actors: readonly Actor[]): Phrase {
  return shortened(actors.map(actorName), allOf);
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
  return shortened(all, lastWord === 'and' ? allOf : anyOf);
}

function shortened(all: readonly Phrase[], listOf: (phrases: readonly Phrase[]) => Phrase): Phrase {
  if (all.length <= MAX_NAMED) return listOf(all);
  return listOf([...all.slice(0, MAX_NAMED), say`${all.length - MAX_NAMED} more`]);
}
