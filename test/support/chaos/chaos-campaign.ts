import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentId } from '../../../src/model/record/ids.ts';
import type { IncidentRecord } from '../../../src/model/record/record.ts';
import { openTrail } from '../../../src/store/open-record.ts';
import { StoreUnavailable } from '../../../src/store/store-unavailable.ts';
import { recordsIn, type Which } from '../crash/crash-campaign.ts';
import type { Flow } from '../crash/crash-scene.ts';
import { type Violation as CrashViolation, INVARIANTS, stuckWork, violationsOf } from '../crash/invariants.ts';
import { ASKER, type Asked, workUntilFixed } from '../crash/people.ts';
import { SeededRandom } from '../random.ts';
import { type ChaosScene, startChaosScene } from './chaos-scene.ts';
import { type Chaos, chaosUntil, HANDOVER } from './chaos-trouble.ts';
import { lostRequests } from './lost-requests.ts';

/** Far more than a flow takes without trouble. */
const FIXED_WITHIN_MS = 300_000;
const SETTLED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 500;

export const CHAOS_INVARIANTS = [...INVARIANTS, 'each acknowledged request is on record or answered'] as const;
type Violation = Omit<CrashViolation, 'invariant'> & { readonly invariant: (typeof CHAOS_INVARIANTS)[number] };

export type ChaosReport = {
  readonly seed: number;
  readonly seconds: number;
  readonly flows: number;
  readonly incidents: number;
  readonly entries: number;
  readonly executions: number;
  readonly requests: number;
  /** The bot that acknowledged was killed before the request was on record. Slack showed no answer. */
  readonly killedRequests: number;
  readonly chaos: ReadonlyMap<Chaos, number>;
  /** How often a bot that Slack gave no answer had another one deliver. */
  readonly handovers: number;
  readonly violations: readonly Violation[];
  /** What the bots logged, for a violation. */
  readonly logs: readonly string[];
};

export type ChaosOptions = {
  readonly seed: number;
  /** From a request to the fixed registry. */
  readonly flows: number;
  /** How many hosts there are: each of them is in a flow of its own. */
  readonly atOnce: number;
  readonly bots: number;
  /** No flow begins any more; those under way go on to their end. Absent: all are played. */
  readonly enough?: AbortSignal;
  readonly told?: (done: number, violations: number) => void;
};

/**
 * Each host goes through one flow after the other, while one trouble follows the other until the last flow is over. The seed repeats the choices
 * of the troubles and of the people, not the moments at which they meet.
 */
export async function runChaosCampaign({
  seed,
  flows,
  atOnce,
  bots,
  enough,
  told,
}: ChaosOptions): Promise<ChaosReport> {
  const started = performance.now();
  const scene = await startChaosScene(Math.min(atOnce, flows), bots);
  const chaos = new Map<Chaos, number>();
  let handovers = 0;
  const violations: Violation[] = [];
  const asked: Asked[] = [];
  let done = 0;
  const random = new SeededRandom(seed);
  const part = () => new SeededRandom(random.int(2 ** 31));
  try {
    await Promise.all(scene.bots.map((bot) => bot.start()));
    const calm = new AbortController();
    const tell = (what: Chaos | typeof HANDOVER) => {
      if (what === HANDOVER) handovers += 1;
      else chaos.set(what, (chaos.get(what) ?? 0) + 1);
    };
    const troubles = chaosUntil(calm.signal, scene, { random: part(), told: tell });
    const hosts = new Map<IncidentId, string>();
    let begun = 0;
    const oneAfterTheOther = async (flow: Flow, choices: SeededRandom) => {
      while (begun < flows && enough?.aborted !== true) {
        begun += 1;
        violations.push(...(await playFlow(scene, flow, { random: choices, asked: (one) => asked.push(one), hosts })));
        done += 1;
        told?.(done, violations.length);
      }
    };
    await Promise.all(scene.flows.map((flow) => oneAfterTheOther(flow, part())));
    calm.abort();
    await troubles;
    violations.push(...(await endAllBots(scene)));
    const records = await recordsIn(scene.place);
    const { lost, killed } = whatBecameOf(asked, records, scene);
    violations.push(...lost);
    return {
      ...{ seed, flows: done, chaos, handovers, violations },
      requests: asked.length,
      killedRequests: killed,
      seconds: (performance.now() - started) / 1000,
      incidents: records.length,
      entries: records.flatMap(({ entries }) => entries).length,
      executions: records.flatMap(({ plans }) => plans).filter(({ execution }) => execution !== null).length,
      logs: scene.bots.map(({ log }) => log),
    };
  } finally {
    await scene.end();
  }
}

type Playing = {
  readonly random: SeededRandom;
  readonly asked: (request: Asked) => void;
  /** Of the incidents so far. */
  readonly hosts: Map<IncidentId, string>;
};

/** From the broken directories to a fixed registry whose thread tells it all. Resolves to what is wrong then. */
async function playFlow(
  scene: ChaosScene,
  flow: Flow,
  { random, asked, hosts }: Playing,
): Promise<readonly Violation[]> {
  const after = await onceReadable(() => lastEntry(scene));
  await flow.breakIt();
  try {
    await workUntilFixed(scene, flow, { random, limitMs: FIXED_WITHIN_MS, asked });
  } catch (error) {
    return [{ invariant: 'no incident is stuck', what: String(error) }];
  }
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const left = await onceReadable(() => notYetRight(scene, flow, { after, hosts }));
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(LOOK_EVERY_MS);
  }
}

/** While troubles go on, a bot that is stopped right now may still owe a post, or the removal of one that it made too late. */
async function notYetRight(
  { place, slack }: ChaosScene,
  flow: Flow,
  which: Pick<Which, 'after' | 'hosts'>,
): Promise<readonly Violation[]> {
  const records = await recordsIn(place, { ...which, host: flow.host });
  const stuck = records.flatMap((record): readonly Violation[] => {
    const why = stuckWork(record);
    const what = `incident ${record.incident.id} (${flow.host}): ${why}`;
    return why === null ? [] : [{ invariant: 'no incident is stuck', what }];
  });
  return [...stuck, ...violationsOf(records, flow.changes(), slack)];
}

async function lastEntry({ place }: ChaosScene): Promise<number> {
  const { auditTrail, close } = await openTrail(place);
  const [newest] = await auditTrail.list({ limit: 1 }).finally(close);
  return newest?.sequence ?? 0;
}

/** Reads the record past the troubles, but Postgres itself may be away. */
async function onceReadable<T>(read: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || performance.now() > deadline) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** After all bots have ended, so nothing is on its way to the record. */
function whatBecameOf(asked: readonly Asked[], records: readonly IncidentRecord[], { bots, slack }: ChaosScene) {
  const killsOf = (request: Asked) => bots.find((bot) => bot.hasTaken(request))?.kills ?? [];
  const { lost, killed } = lostRequests(records, { asked, killsOf, answers: slack.ephemerals(ASKER) });
  const invariant = 'each acknowledged request is on record or answered' as const;
  const violations = lost.map(
    (one): Violation => ({
      invariant,
      what: `${one.triggerId} in ${one.channel}, taken by ${bots.find((bot) => bot.hasTaken(one))?.name ?? one.takenAt}`,
    }),
  );
  return { lost: violations, killed: killed.length };
}

async function endAllBots({ bots, place }: ChaosScene): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const bot of bots) {
    const status = await bot.stop();
    if (status !== 0) violations.push({ invariant: 'no incident is stuck', what: `${bot.name} ended with ${status}` });
  }
  const { auditTrail, close } = await openTrail(place);
  const check = await auditTrail.verify().finally(close);
  if (check.kind === 'broken')
    violations.push({ invariant: 'the record and its tree are valid', what: JSON.stringify(check.problems) });
  return violations;
}
