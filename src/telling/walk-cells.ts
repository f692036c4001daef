import type { WalkStep } from '../model/diagnosis/access.ts';
import type { Words } from '../words/index.ts';
import { visiblePath, visibleText } from '../words/visible-text.ts';

/** The table cells of one step on the path. Each renderer has its own order, and clips. */
export type WalkCells = {
  readonly mark: string;
  readonly path: string;
  readonly type: string;
  readonly mode: string;
  readonly owners: string;
  readonly access: string;
};

type Clip = (text: string) => string;

const whole: Clip = (text) => text;

/**
 * The cells of one step on the path. `clip` shortens the texts that a host can make long: paths, symlink targets, names
 * and reasons.
 */
export function walkCells(
  step: WalkStep,
  words: Words,
  clip: { path: Clip; target: Clip; words: Clip } = UNCLIPPED,
): WalkCells {
  const path = (of: WalkStep['path']) => clip.path(visiblePath(of));
  return {
    mark: words.verdict.WALK_MARKS[step.access],
    path: words.verdict.placeText(path(step.path), step.hostPath && path(step.hostPath)),
    type: words.verdict.kindOf(step, step.target === null ? null : clip.target(visibleText(step.target))),
    mode: step.mode ?? '',
    owners: step.owner === null ? '' : clip.words(visibleText(`${step.owner}:${step.group ?? ''}`)),
    access: clip.words(visibleText(words.verdict.mayPass(step, words.access.accessClause(step)))),
  };
}

const UNCLIPPED = { path: whole, target: whole, words: whole };
