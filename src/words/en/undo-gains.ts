import type { PlanStep } from '../../model/plan/plan.ts';
import { allOfWords } from './lists.ts';
import { count } from './time.ts';

type ChownStep = Extract<PlanStep, { action: 'chown' }>;
type ChmodStep = Extract<PlanStep, { action: 'chmod' }>;

/** Who gains access again by these steps, which undo a plan; as part of a sentence. */
export function gainsAgain(steps: readonly PlanStep[]): string {
  const gains = Map.groupBy(steps.flatMap(gainsOf), (gain) => gain);
  if (gains.size === 0) return 'No one gains access by it';
  return `By it ${[...gains].map(([gain, same]) => `${gain}${inAll(same.length)}`).join('; ')}`;
}

/**
 * Says who gains access by the undo of a step. If the step was an ACL entry no one does: the undo removes the service's
 * entry, which took nothing from anyone else.
 */
function gainsOf(step: PlanStep): readonly string[] {
  if (step.action === 'setfacl') return [];
  return step.action === 'chown' ? ownersAgain(step) : classesAgain(step);
}

function ownersAgain({ from, to, tree }: ChownStep): readonly string[] {
  const [[uid, gid], [nextUid, nextGid]] = [from.split(':'), to.split(':')];
  const what = thingOf({ tree });
  return [
    ...(nextUid === uid ? [] : [`uid ${nextUid} owns ${what} again, with all that an owner can do`]),
    ...(nextGid === gid ? [] : [`gid ${nextGid} is the group of ${what} again, with all that the mode gives it`]),
  ];
}

const CLASSES = [
  [6, 'its owner'],
  [3, 'every member of its group'],
  [0, 'every other account'],
] as const;

function classesAgain({ from, to, tree, kind }: ChmodStep): readonly string[] {
  const gained = Number.parseInt(to, 8) & ~Number.parseInt(from, 8);
  return CLASSES.flatMap(([shift, who]) => {
    const abilities = abilitiesIn(gained >> shift);
    return abilities.length === 0 ? [] : [`${who} can ${allOfWords(abilities)} ${thingOf({ tree, kind })} again`];
  });
}

const ABILITIES = [
  [4, 'read'],
  [2, 'write to'],
  [1, 'enter'],
] as const;

function abilitiesIn(bits: number): readonly string[] {
  return ABILITIES.flatMap(([bit, word]) => ((bits & bit) === 0 ? [] : [word]));
}

type Thing = { readonly tree?: ChownStep['tree']; readonly kind?: ChmodStep['kind'] };

function thingOf({ tree, kind }: Thing): string {
  return tree ? `${count(tree.entries, 'entry', 'entries')} below the directory` : `the ${kind ?? 'directory'}`;
}

function inAll(directories: number): string {
  return directories === 1 ? '' : ` (${directories} times)`;
}
