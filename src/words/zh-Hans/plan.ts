import type { PlanAlternative, PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import { grouped } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import {
  bitsOf,
  type ChmodStep,
  isFileStep,
  letsWrite,
  onlyTakes,
  ownEntry,
  READ,
  READ_OF_GROUP,
  READ_OF_OTHERS,
  SEARCH,
  type SetfaclStep,
  SHIFT,
  WRITE,
} from '../step-rights.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { textList } from './list.ts';

/** Who gains what by one step: git01 上的所有账号能穿过该目录，但不能列目录或修改. */
export function stepGain(step: PlanStep, host: HostName): Phrase {
  if (step.action === 'chown') return say`${code(visibleText(step.gainingPrincipal))} 成为${ownerOf(step)}`;
  if (step.kind === 'file') return fileGain(step, host);
  if (step.action === 'setfacl') return say`只有 ${code(visibleText(step.gainingPrincipal))} ${entryAbilities(step)}`;
  if (onlyTakes(step)) return say`没有人多出权限；${losers(step)}不能再写入${placeOf(step)}`;
  return say`${gainer(step, host)}${abilities(step)}`;
}

/** A plan only ever makes a file readable (the guard refuses all else). */
function fileGain(step: ChmodStep | SetfaclStep, host: HostName): Phrase {
  const file = code(visiblePath(step.path));
  if (step.action === 'setfacl') {
    return say`${code(visibleText(step.gainingPrincipal))} 能读取 ${file}；其他人的权限不变`;
  }
  const { from, to, gainingPrincipal } = step;
  const gained = Number.parseInt(to, 8) & ~Number.parseInt(from, 8);
  if (gained & READ_OF_OTHERS) {
    const groupReads = (bitsOf(to, 3) & READ) !== 0;
    return groupReads
      ? say`${host} 上的所有账号都能读取 ${file}`
      : say`${host} 上除该文件属组成员外的所有账号都能读取 ${file}`;
  }
  const who = gained & READ_OF_GROUP ? ' 组的所有成员都' : ' ';
  return say`${code(visibleText(gainingPrincipal))}${who}能读取 ${file}；其他人的权限不变`;
}

/** What another form of the plan is called. */
export function alternativeTitle({ steps }: PlanAlternative): Phrase {
  const account = steps.find(({ action }) => action === 'setfacl')?.gainingPrincipal ?? '服务账号';
  return say`范围更小的选项：只为 ${code(visibleText(account))} 设置 ACL`;
}

/** What is to be known of another form of the plan, after its commands. */
export const ALTERNATIVE_NOTE =
  '其他人的权限不变。在方案卡片上点击“改用范围更小的选项”，会以它作为方案，并须另行批准。';

/** The same on one line, where nothing is folded away. */
export function alternativeSentence(title: string, commands: readonly string[]): Phrase {
  return say`${bold(`${title}：`)}${commands.join('；')}。${ALTERNATIVE_NOTE}`;
}

/** Why the plan is no larger. */
export function whyNotMore({ steps }: PlanDraft): string {
  if (steps.some((step) => step.action !== 'setfacl' && step.tree)) return NO_OTHER_ENTRIES;
  if (steps.some(isFileStep)) return ONLY_READ;
  return steps.some(letsWrite) ? NO_OTHER_BITS : `${NO_OTHER_BITS}没有人多出写权限。`;
}

const NO_OTHER_ENTRIES = '只修改计入的条目，并且逐个先行检查。不跨越挂载点，也不跟随符号链接。';
const ONLY_READ = '其他内容都不变：没有文件变为可写，属主和属组保持不变，每个目录只开放到该路径所需的程度。';
const NO_OTHER_BITS = '只添加缺少的权限位，只修改拦住访问的目录。这些目录以下的内容都不变。';

function ownerOf({ tree, from }: Extract<PlanStep, { action: 'chown' }>): string {
  return tree ? `其中 ${grouped(tree.entries)} 个条目（属于 ${from} 的全部条目）的属主` : '其属主';
}

function placeOf({ tree }: ChmodStep): string {
  return tree ? `其中的 ${grouped(tree.entries)} 个${KINDS[tree.kind]}` : '该目录';
}

const KINDS = { directory: '目录', file: '文件' } as const;

function losers({ to }: ChmodStep): string {
  return (bitsOf(to, 3) & WRITE) === 0 ? '除属主外的所有账号' : '除属主和属组外的所有账号';
}

/** The group is a class of its own: if it has no `x`, its members gain nothing by the bit for others. */
function gainer(step: ChmodStep, host: HostName): Phrase {
  const name = code(visibleText(step.gainingPrincipal));
  if (step.gains === 'owner' || step.gains === 'named-user') return say`其属主 ${name} `;
  if (step.gains !== 'other') return say`${name} 组的所有成员`;
  const groupPasses = (bitsOf(step.to, 3) & SEARCH) !== 0;
  return groupPasses ? say`${host} 上的所有账号` : say`${host} 上除该目录属组成员外的所有账号`;
}

/** What the account's own entry allows after the step; the mask goes with it. */
function entryAbilities(step: SetfaclStep): string {
  const bits = ownEntry(step);
  return wordsFor(bits, bits);
}

function abilities(step: ChmodStep): string {
  const after = bitsOf(step.to, SHIFT[step.gains]);
  const gained = after & ~bitsOf(step.from, SHIFT[step.gains]);
  return wordsFor(after, gained);
}

function wordsFor(after: number, gained: number): string {
  if (after === SEARCH) return '能穿过该目录，但不能列目录或修改';
  const words = [
    ...(gained & SEARCH ? ['穿过该目录'] : []),
    ...(gained & READ ? ['列出其中的内容'] : []),
    ...(gained & WRITE ? ['在其中创建和删除条目'] : []),
  ];
  return `能${textList(words)}`;
}
