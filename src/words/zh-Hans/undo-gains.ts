import type { PlanStep } from '../../model/plan/plan.ts';
import { grouped } from '../moment.ts';
import { textList } from './list.ts';

type ChownStep = Extract<PlanStep, { action: 'chown' }>;
type ChmodStep = Extract<PlanStep, { action: 'chmod' }>;

/** Who gains access again by these steps, which undo a plan; as part of a sentence. */
export function gainsAgain(steps: readonly PlanStep[]): string {
  const gains = Map.groupBy(steps.flatMap(gainsOf), (gain) => gain);
  if (gains.size === 0) return '没有人由此多出权限';
  return `由此恢复的权限：${[...gains].map(([gain, same]) => `${gain}${inAll(same.length)}`).join('；')}`;
}

/** By an ACL no one: it loses the service's entry, and that entry took nothing from anyone else. */
function gainsOf(step: PlanStep): readonly string[] {
  if (step.action === 'setfacl') return [];
  return step.action === 'chown' ? ownersAgain(step) : classesAgain(step);
}

function ownersAgain({ from, to, tree }: ChownStep): readonly string[] {
  const [[uid, gid], [nextUid, nextGid]] = [from.split(':'), to.split(':')];
  const what = thingOf({ tree });
  return [
    ...(nextUid === uid ? [] : [`uid ${nextUid} 重新成为${what}的属主，拥有属主的一切权限`]),
    ...(nextGid === gid ? [] : [`gid ${nextGid} 重新成为${what}的属组，拥有权限位给予属组的一切权限`]),
  ];
}

const CLASSES = [
  [6, '其属主'],
  [3, '其属组的所有成员'],
  [0, '其他所有账号'],
] as const;

function classesAgain({ from, to, tree, kind }: ChmodStep): readonly string[] {
  const gained = Number.parseInt(to, 8) & ~Number.parseInt(from, 8);
  return CLASSES.flatMap(([shift, who]) => {
    const abilities = abilitiesIn(gained >> shift);
    return abilities.length === 0 ? [] : [`${who}重新能够${textList(abilities)}${thingOf({ tree, kind })}`];
  });
}

const ABILITIES = [
  [4, '读取'],
  [2, '写入'],
  [1, '进入'],
] as const;

function abilitiesIn(bits: number): readonly string[] {
  return ABILITIES.flatMap(([bit, word]) => ((bits & bit) === 0 ? [] : [word]));
}

type Thing = { readonly tree?: ChownStep['tree']; readonly kind?: ChmodStep['kind'] };

function thingOf({ tree, kind }: Thing): string {
  if (tree) return `该目录以下的 ${grouped(tree.entries)} 个条目`;
  return kind === 'file' ? '该文件' : '该目录';
}

function inAll(directories: number): string {
  return directories === 1 ? '' : `（共 ${directories} 处）`;
}
