import type { PlanDraft, PlanStep } from '../../model/plan.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { visiblePath } from '../visible-text.ts';
import { count } from './time.ts';

/** What the steps of a plan are for, as the parts of sentences: directories, files, or both. */

type Steps = readonly PlanStep[];

export function isFileStep(step: PlanStep): boolean {
  return step.action !== 'chown' && step.kind === 'file';
}

type Kind = 'directory' | 'file' | 'entry';

/** How many places the steps change, by their kind. The owner of a whole tree changes at entries of either kind. */
function amounts(steps: Steps): Readonly<Record<Kind, number>> {
  const found = { directory: 0, file: 0, entry: 0 };
  for (const step of steps) {
    const tree = 'tree' in step ? step.tree : undefined;
    found[kindOf(step)] += tree?.entries ?? 1;
  }
  return found;
}

function kindOf(step: PlanStep): Kind {
  if (step.action === 'chown') return step.tree === undefined ? 'directory' : 'entry';
  if (step.action === 'chmod' && step.tree !== undefined) return step.tree.kind;
  return isFileStep(step) ? 'file' : 'directory';
}

/** "2 directories and 1 file", "97 entries". A whole tree counts with every entry that changes. */
export function placesOf(steps: Steps): string {
  const { directory, file, entry } = amounts(steps);
  return new Intl.ListFormat('en-GB').format([
    ...(directory > 0 ? [count(directory, 'directory', 'directories')] : []),
    ...(file > 0 ? [count(file, 'file')] : []),
    ...(entry > 0 ? [count(entry, 'entry', 'entries')] : []),
  ]);
}

/** Whether a verb after them is in the singular. */
export function isOnePlace(steps: Steps): boolean {
  const { directory, file, entry } = amounts(steps);
  return directory + file + entry === 1;
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
