import { messageOf } from '../../src/model/message-of.ts';
import { EXPECTED } from './expected.ts';
import { runFlow, type Story, type Told } from './flow.ts';
import { type RunningHost, startHost } from './host.ts';
import type { HostRow, Way } from './row.ts';
import type { Seen, SeenWay } from './seen.ts';

/** The stated limit of a diagnosis: 20 s on the host, then 5 s for SIGKILL, and 1 s for the answer. */
const LIMIT_MS = 26_000;

/** Builds the host of a row, runs the whole flow on it in both ways, and compares with what the row expects. */
export async function runRow(row: HostRow): Promise<Seen> {
  const { id, group, what } = row;
  const nothing = { id, group, what, versions: '', ways: [] };
  let host: RunningHost;
  try {
    host = await startHost(row);
  } catch (error) {
    return { ...nothing, problems: [`the host could not be built: ${messageOf(error)}`] };
  }
  try {
    const ways: SeenWay[] = [];
    for (const way of waysOf(row)) ways.push(seenOf(way, await runFlow(host[way], host)));
    return { id, group, what, versions: host.versions, ways, problems: problemsOf(row, ways) };
  } catch (error) {
    return { ...nothing, problems: [`the product failed: ${error instanceof Error ? error.stack : messageOf(error)}`] };
  } finally {
    await host.stop();
  }
}

function waysOf({ ways = ['trial', 'installed'] }: HostRow): readonly Way[] {
  return ways;
}

function seenOf(way: Way, story: Story): SeenWay {
  const { broken, check } = story;
  return { way, summary: summaryOf(story), said: saidOf(broken), check, ms: broken.ms };
}

/** The headline, and the paragraph with the reason if there was nothing to judge. */
function saidOf({ headline, reason }: Told): string {
  return reason === null ? headline : `${headline}. ${reason}`;
}

const WHOLE = 'faulty: untraversable-ancestor (tested) → applied → healthy → undone → faulty';

/** Each stage that was reached. */
export function summaryOf({ check, broken, applied, outcome, fixed, undone, brokenAgain }: Story): string {
  const stages = [
    `${broken.verdict}: ${broken.finding ?? 'nothing'}${broken.isProven ? ' (tested)' : ''}`,
    ...(applied === null ? [] : [applied]),
    ...(outcome === null || outcome === applied ? [] : [`outcome ${outcome}`]),
    ...(fixed === null ? [] : [fixed.verdict === 'healthy' ? 'healthy' : `${fixed.verdict}: ${fixed.finding}`]),
    ...(undone === null ? [] : [undone === 'applied' ? 'undone' : `not undone: ${undone}`]),
    ...(brokenAgain === null ? [] : [brokenAgain.verdict]),
  ];
  const story = stages.join(' → ');
  const checked = check.length === 0 ? [] : [`check: ${check.map((line) => line.split(':', 1)[0]).join(', ')} failed`];
  return [story === WHOLE ? 'whole' : story, ...checked].join('; ');
}

function problemsOf({ id }: HostRow, ways: readonly SeenWay[]): readonly string[] {
  return ways.flatMap(({ way, summary, ms }) => {
    const expected = EXPECTED[id]?.[way] ?? 'whole';
    return [
      ...(summary === expected ? [] : [`${way}: expected ${expected}, saw ${summary}`]),
      ...(ms <= LIMIT_MS ? [] : [`${way}: the diagnosis took ${ms} ms`]),
    ];
  });
}
