import type { PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { entriesOf, isFileStep } from '../step-rights.ts';
import { visiblePath } from '../visible-text.ts';
import { allOf, allOfWords } from './lists.ts';
import { count } from './time.ts';

/** What the steps of a plan are for, as the parts of sentences: directories, files, or both. */

type Steps = readonly PlanStep[];

/** "2 directories and 1 file". Of a whole tree every entry counts. */
export function placesOf(steps: Steps): string {
  const entries = steps.reduce((sum, step) => sum + entriesOf(step), 0);
  const alone = steps.filter((step) => entriesOf(step) === 0);
  const files = alone.filter(isFileStep).length;
  const directories = alone.length - files;
  return allOfWords([
    ...(entries > 0 ? [count(entries, 'entry', 'entries')] : []),
    ...(directories > 0 || (files === 0 && entries === 0) ? [count(directories, 'directory', 'directories')] : []),
    ...(files > 0 ? [count(files, 'file')] : []),
  ]);
}

/** "directory", "file", "directory and file", or of a whole tree "entry": what follows on "each" and "every". */
export function kindsOf(steps: Steps): string {
  if (steps.some((step) => entriesOf(step) > 0)) return 'entry';
  const files = steps.filter(isFileStep).length;
  if (files === 0) return 'directory';
  return files === steps.length ? 'file' : 'directory and file';
}

const MAX_PATHS = 3;
const MAX_PATH = 120;

/** What the service has to be able to use with the plan done; null where that is its storage alone. */
export function usedBeside({ also, storageRoot }: Pick<PlanDraft, 'also' | 'storageRoot'>): Phrase | null {
  if (also === undefined) return null;
  const paths = also.map(({ path }) =>
    path.length > MAX_PATH ? say`a path too long to show` : say`${code(visiblePath(path))}`,
  );
  const hidden = paths.length - MAX_PATHS;
  return allOf([
    ...(storageRoot === null ? [] : [say`the storage`]),
    ...paths.slice(0, MAX_PATHS),
    ...(hidden > 0 ? [say`${count(hidden, 'more path')}`] : []),
  ]);
}
