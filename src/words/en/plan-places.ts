import type { PlanDraft, PlanStep } from '../../model/plan.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { count } from './time.ts';

/** What the steps of a plan are for, as the parts of sentences: directories, files, or both. */

type Steps = readonly PlanStep[];

export function isFileStep(step: PlanStep): boolean {
  return step.action !== 'chown' && step.kind === 'file';
}

/** "2 directories and 1 file". A whole tree counts as the directory that it begins at. */
export function placesOf(steps: Steps): string {
  const files = steps.filter(isFileStep).length;
  const directories = steps.length - files;
  return new Intl.ListFormat('en-GB').format([
    ...(directories > 0 || files === 0 ? [count(directories, 'directory', 'directories')] : []),
    ...(files > 0 ? [count(files, 'file')] : []),
  ]);
}

/** "directory", "file", or "directory and file": what stands behind "each" and "every". */
export function kindsOf(steps: Steps): string {
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
  return joined(
    [
      ...(storageRoot === null ? [] : [say`the storage`]),
      ...paths.slice(0, MAX_PATHS),
      ...(hidden > 0 ? [say`${count(hidden, 'more path')}`] : []),
    ],
    'and',
  );
}
