import type { PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import { grouped } from '../moment.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { entriesOf, isFileStep } from '../step-rights.ts';
import { visiblePath } from '../visible-text.ts';
import { listOf, textList } from './list.ts';

/** What the steps of a plan are for, as the parts of sentences: directories, files, or both. */

type Steps = readonly PlanStep[];

/** `2 个目录和 1 个文件`. Of a whole tree every entry counts. */
export function placesOf(steps: Steps): string {
  const entries = steps.reduce((sum, step) => sum + entriesOf(step), 0);
  const alone = steps.filter((step) => entriesOf(step) === 0);
  const files = alone.filter(isFileStep).length;
  const directories = alone.length - files;
  return textList([
    ...(entries > 0 ? [`${grouped(entries)} 个条目`] : []),
    ...(directories > 0 || (files === 0 && entries === 0) ? [`${grouped(directories)} 个目录`] : []),
    ...(files > 0 ? [`${grouped(files)} 个文件`] : []),
  ]);
}

/** 目录, 文件, both, or of a whole tree 条目: what follows on 每个. */
export function kindsOf(steps: Steps): string {
  if (steps.some((step) => entriesOf(step) > 0)) return '条目';
  const files = steps.filter(isFileStep).length;
  if (files === 0) return '目录';
  return files === steps.length ? '文件' : '目录和文件';
}

const MAX_PATHS = 3;
const MAX_PATH = 120;

/** What the service has to be able to use with the plan done, beginning in Chinese; null where that is its storage alone. */
export function usedBeside({ also, storageRoot }: Pick<PlanDraft, 'also' | 'storageRoot'>): Phrase | null {
  if (also === undefined) return null;
  const paths = also.map(({ path }) =>
    path.length > MAX_PATH ? say`一个过长而未显示的路径` : say`${code(visiblePath(path))}`,
  );
  const hidden = paths.length - MAX_PATHS;
  const shown = [...paths.slice(0, MAX_PATHS), ...(hidden > 0 ? [say`另外 ${grouped(hidden)} 个路径`] : [])];
  return storageRoot === null ? say`以下路径：${listOf(shown)}` : listOf([say`存储目录`, ...shown]);
}
