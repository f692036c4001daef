import type { types } from '@slack/bolt';
import type { WalkStep } from '../../../model/diagnosis/access.ts';
import { walkCells } from '../../../telling/walk-cells.ts';
import type { Words } from '../../../words/index.ts';
import { clipEnd, clipMiddle } from '../../blocks/clip.ts';

/** Far below Slack's 100 rows and 10,000 characters: the words of the verdict have to fit into the message as well. */
const MAX_STEPS = 30;
const MAX_CHARACTERS = 4_000;
/** Room for the heading and the rows that say how many steps are missing. */
const RESERVE = 400;
const MAX_PATH = 160;
const MAX_TARGET = 120;
const MAX_CELL = 140;

type Cell = types.TableBlock['rows'][number][number];
type Row = { readonly index: number; readonly step: WalkStep; readonly cells: readonly string[] };

/**
 * The path to the storage as a table, one component a row, in at most `room` characters. If the path is too long,
 * blocked components have priority, and omitted ones are counted in their place.
 */
export function walkTable(walk: readonly WalkStep[], room: number, words: Words): types.TableBlock {
  const rowsAndCells = walk.map((step, index) => ({ index, step, cells: cellsOf(step, words) }));
  const shown = rowsToShow(rowsAndCells, Math.min(MAX_CHARACTERS, room - RESERVE));
  const rows: Cell[][] = [[...words.verdict.WALK_HEADING].map(raw)];
  let next = 0;
  for (const row of shown) {
    rows.push(...gap(walk.slice(next, row.index), words), row.cells.map(row.step.access === 'allowed' ? raw : bold));
    next = row.index + 1;
  }
  rows.push(...gap(walk.slice(next), words));
  return {
    type: 'table',
    column_settings: [{}, { is_wrapped: true }, { is_wrapped: true }, {}, {}, { is_wrapped: true }],
    rows,
  };
}

const RANKS: Record<WalkStep['access'], number> = { denied: 0, unknown: 1, allowed: 2 };

function rowsToShow(rows: readonly Row[], max: number): Row[] {
  const byNeed = rows.toSorted((a, b) => RANKS[a.step.access] - RANKS[b.step.access] || a.index - b.index);
  let used = 0;
  const fitting = byNeed.slice(0, MAX_STEPS).filter(({ cells }) => {
    used += cells.join('').length;
    return used <= max;
  });
  return fitting.toSorted((a, b) => a.index - b.index);
}

function cellsOf(step: WalkStep, words: Words): string[] {
  const { mark, path, access, mode, owners, type } = walkCells(step, words, {
    path: (text) => clipMiddle(text, MAX_PATH),
    target: (text) => clipMiddle(text, MAX_TARGET),
    words: (text) => clipEnd(text, MAX_CELL, words),
  });
  return [mark, path, access, mode, owners, type];
}

function gap(steps: readonly WalkStep[], words: Words): Cell[][] {
  if (steps.length === 0) return [];
  const notAllowed = steps.filter(({ access }) => access !== 'allowed').length;
  return [[' ', words.verdict.stepsNotShown(steps.length, notAllowed), ' ', ' ', ' ', ' '].map(raw)];
}

function raw(text: string): Cell {
  return { type: 'raw_text', text: text === '' ? ' ' : text };
}

function bold(text: string): Cell {
  const element = { type: 'text' as const, text: text === '' ? ' ' : text, style: { bold: true } };
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] };
}
