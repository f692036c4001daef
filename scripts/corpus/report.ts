import type { NOT_BUILDABLE } from './not-buildable.ts';
import type { Outcome } from './run-workers.ts';
import { isAimReached, type Others, type Row, resultsIn, type Share, type Tally } from './tally.ts';

export type Run = {
  readonly seed: number;
  readonly seconds: number;
  readonly outcomes: readonly Outcome[];
  readonly tally: Tally;
  readonly notBuildable: typeof NOT_BUILDABLE;
};

export function printReport({ seed, seconds, outcomes, tally, notBuildable }: Run): void {
  printProblems(outcomes);
  printTable('Registry Doctor', OUR_HEAD, [...tally.rows, tally.all].map(ourCells));
  printTable('The same scenarios by what people use today', THEIR_HEAD, [...tally.rows, tally.all].map(theirCells));
  console.log('\nNot buildable here, so not proven by this:');
  for (const { cause, why } of notBuildable) console.log(`  ${cause}: ${why}`);
  console.log(`\n${servingText(tally.all)}`);
  console.log(timesOf(outcomes));
  const verdict = isAimReached(tally) ? 'The aim is reached' : 'The aim is MISSED';
  console.log(
    `${verdict}: ${tally.all.scenarios} scenarios, ${tally.all.short} short of it, ${tally.failures} not run to their end; ` +
      `seed ${seed}, ${seconds.toFixed(0)} s`,
  );
}

const OUR_HEAD = [
  'cause',
  'scenarios',
  'serve',
  'found',
  'green over failure',
  'alarm over success',
  'false alarms',
  'cured',
  'too much',
  'more writers',
  'short',
];
const THEIR_HEAD = [
  'cause',
  'namei named',
  'namei alarms',
  'leaf named',
  'leaf alarms',
  '777 cured',
  '777: more writers',
];

/** What push and pull say about the verdicts. */
function servingText({ scenarios, serve, greenOverFailure, alarmsOverSuccess, cured }: Row): string {
  return (
    `Push and pull by raw HTTP: ${serve} of ${scenarios} hosts serve both. Green over a failing push or pull: ${greenOverFailure}. ` +
    `Faulty over working ones: ${alarmsOverSuccess}. They work after ${cured.got} of ${cured.of} plans.`
  );
}

function ourCells(row: Row): readonly string[] {
  const { cause, scenarios, serve, found, greenOverFailure, alarmsOverSuccess } = row;
  const { falseAlarms, cured, plansWithTooMuch, mostWritersMore, short } = row;
  return [
    cause,
    `${scenarios}`,
    `${serve}`,
    shareText(found),
    `${greenOverFailure}`,
    `${alarmsOverSuccess}`,
    `${falseAlarms}`,
    shareText(cured),
    `${plansWithTooMuch}`,
    `${mostWritersMore}`,
    `${short}`,
  ];
}

function theirCells({ cause, namei, leafCheck, chmod777 }: Row): readonly string[] {
  const { cured, mostWritersMore } = chmod777;
  const others = ({ named, alarms }: Others) => [shareText(named), `${alarms}`];
  return [cause, ...others(namei), ...others(leafCheck), shareText(cured), cured.of === 0 ? '–' : `${mostWritersMore}`];
}

function shareText({ of, got }: Share): string {
  return of === 0 ? '–' : `${got}/${of}`;
}

function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  console.log(`\n${title}`);
  for (const row of [head, ...rows]) console.log(`  ${line(row)}`);
}

function printProblems(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    const problems = 'failure' in outcome ? [outcome.failure] : outcome.problems;
    if (problems.length === 0) continue;
    console.log(`${outcome.cause}: ${outcome.name}${'failure' in outcome ? '' : ` (${outcome.by})`}`);
    for (const problem of problems) console.log(`  ${problem}`);
  }
}

function timesOf(outcomes: readonly Outcome[]): string {
  const results = resultsIn(outcomes);
  const times = results.flatMap(({ scriptMs }) => (scriptMs === null ? [] : [scriptMs])).toSorted((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const most = Math.max(0, ...results.map(({ bytes }) => bytes));
  return `The script on the host: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms; at most ${most} bytes.`;
}
