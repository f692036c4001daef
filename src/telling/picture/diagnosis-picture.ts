import type { WalkStep } from '../../model/diagnosis/access.ts';
import { type Diagnosis, walkToShow } from '../../model/diagnosis/diagnosis.ts';
import type { Certainty, TimelineEntry } from '../../model/diagnosis/why-now.ts';
import type { Words } from '../../words/index.ts';
import { visiblePath, visibleText } from '../../words/visible-text.ts';
import { walkCells } from '../walk-cells.ts';
import { clipped, drawable, svgText } from './svg.ts';

/** The width of a phone's screen, so that it is readable without zooming. */
const WIDTH = 390;
const MARGIN = 14;
const ROW = 22;
const SIZE = 11;
/** Characters of the fixed-width font: of the title, and beside the marks of a whole line, of a path, and of what stands beside a path. */
const TITLE = 50;
const LINE = 54;
const PATH = 35;
const BESIDE = 18;
const MAX_STEPS = 24;
const MAX_EVENTS = 12;

/** One background for light and dark themes. Color is never the only mark: what is blocked has a cross. */
const COLORS = {
  ground: '#f4f5f7',
  ink: '#1d1f23',
  faint: '#5b626d',
  good: '#1b7f4b',
  bad: '#b3261e',
  tint: '#fbe3e1',
};

export type Picture = {
  readonly svg: string;
  /** The same path as text, what is blocked first. */
  readonly altText: string;
};

/**
 * The path to the storage and the timeline as one picture. Its font has no Chinese, so all that is written in it is the same in each
 * language: paths, modes, names, times and codes.
 */
export function diagnosisPicture(diagnosis: Diagnosis, words: Words): Picture {
  const steps = walkToShow(diagnosis);
  const events = eventsToShow(diagnosis.whyNow?.timeline ?? [], steps);
  const shown = stepsToShow(steps);
  const head = MARGIN + ROW;
  const walkEnd = head + shown.length * ROW + ROW / 2;
  const height = walkEnd + events.length * 2 * (ROW - 6) + MARGIN;
  const parts = [
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="${COLORS.ground}"/>`,
    svgText(clipped(drawable(titleOf(diagnosis)), TITLE), {
      x: MARGIN,
      y: MARGIN + 10,
      size: SIZE + 1,
      fill: COLORS.ink,
      bold: true,
    }),
    ...shown.map((step, index) => stepRow(step, head + index * ROW)),
    ...events.map((event, index) => eventRow(event, walkEnd + index * 2 * (ROW - 6))),
  ];
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="Roboto Mono">${parts.join('')}</svg>`;
  return { svg, altText: altTextOf(steps, words) };
}

function titleOf({ host, findings }: Diagnosis): string {
  return [host, findings[0]?.id ?? ''].filter((part) => part !== '').join(' · ');
}

/** What is blocked, and of the others as many as there is room for, in their order. */
function stepsToShow(steps: readonly WalkStep[]): readonly WalkStep[] {
  const others = steps.filter(({ access }) => access === 'allowed');
  const kept = new Set(others.slice(-Math.max(0, MAX_STEPS - (steps.length - others.length))));
  return steps.filter((step) => step.access !== 'allowed' || kept.has(step)).slice(-MAX_STEPS);
}

/** Files change all the time: of their times those of blocked steps come first. In the order in which they happened. */
function eventsToShow(timeline: readonly TimelineEntry[], steps: readonly WalkStep[]): readonly TimelineEntry[] {
  const blocked = new Set(steps.filter(({ access }) => access !== 'allowed').map(({ path }) => path));
  const rank = ({ kind, path }: TimelineEntry) =>
    kind.startsWith('inode-') ? (path !== null && blocked.has(path) ? 1 : 2) : 0;
  const kept = new Set(timeline.toSorted((a, b) => rank(a) - rank(b) || b.at - a.at).slice(0, MAX_EVENTS));
  return timeline.filter((event) => kept.has(event));
}

function stepRow(step: WalkStep, top: number): string {
  const isAllowed = step.access === 'allowed';
  const base = top + ROW / 2 + 4;
  const owners = step.owner === null ? '' : `${step.owner}:${step.group ?? ''}`;
  const beside = visibleText(`${step.mode ?? ''} ${owners}`.trim());
  const fill = isAllowed ? COLORS.ink : COLORS.bad;
  const tint = `<rect x="6" y="${top + 1}" width="${WIDTH - 12}" height="${ROW - 2}" rx="4" fill="${COLORS.tint}"/>`;
  return [
    isAllowed ? '' : tint,
    markOf(step.access, MARGIN + 5, top + ROW / 2),
    svgText(clipped(drawable(pathOf(step)), PATH), { x: MARGIN + 18, y: base, size: SIZE, fill, bold: !isAllowed }),
    svgText(clipped(drawable(beside), BESIDE), {
      x: WIDTH - MARGIN,
      y: base,
      size: SIZE - 1,
      fill: COLORS.faint,
      anchor: 'end',
    }),
  ].join('');
}

function pathOf({ path, target }: WalkStep): string {
  return target === null ? visiblePath(path) : `${visiblePath(path)} -> ${visibleText(target)}`;
}

/** A tick, a cross or a question mark, drawn: fonts differ in what they have. */
function markOf(access: WalkStep['access'], x: number, y: number): string {
  if (access === 'unknown') return svgText('?', { x: x - 3, y: y + 4, size: SIZE + 1, fill: COLORS.bad, bold: true });
  const [lines, color] =
    access === 'allowed'
      ? [`M${x - 4} ${y} l3 4 l6 -8`, COLORS.good]
      : [`M${x - 4} ${y - 4} l8 8 M${x + 4} ${y - 4} l-8 8`, COLORS.bad];
  return `<path d="${lines}" fill="none" stroke="${color}" stroke-width="2" stroke-linecap="round"/>`;
}

const SURENESS: Record<Certainty, string> = { recorded: '', 'at-latest': '<= ', derived: '~ ' };

function eventRow({ at, kind, path, text, source, certainty }: TimelineEntry, top: number): string {
  const what = path === null ? visibleText(text) : visiblePath(path);
  const x = MARGIN + 18;
  const rule = `<path d="M${MARGIN + 5} ${top - 4} v${2 * (ROW - 6)}" stroke="${COLORS.faint}" stroke-width="1"/>`;
  const dot = `<circle cx="${MARGIN + 5}" cy="${top + 6}" r="3" fill="${COLORS.ink}"/>`;
  const when = `${SURENESS[certainty]}${new Date(at * 1000).toISOString().replace(/T(.{8}).*/, ' $1')} UTC  ${kind}`;
  const who = `${what} [${visibleText(source)}]`.trim();
  return [
    rule,
    dot,
    svgText(clipped(drawable(when), LINE), { x, y: top + 10, size: SIZE - 1, fill: COLORS.ink }),
    svgText(clipped(drawable(who), LINE), { x, y: top + 23, size: SIZE - 1, fill: COLORS.faint }),
  ].join('');
}

/** Slack takes a thousand characters, so what matters comes first. */
function altTextOf(steps: readonly WalkStep[], words: Words): string {
  const lines = [false, true].flatMap((isAllowed) =>
    steps
      .filter(({ access }) => (access === 'allowed') === isAllowed)
      .map((step) => {
        const { path, mode, owners, access } = walkCells(step, words);
        return [path, mode, owners, access].filter((cell) => cell !== '').join(' ');
      }),
  );
  return [words.verdict.pathCheckTitle(steps), ...lines].join('\n');
}
