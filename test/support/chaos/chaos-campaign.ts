import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentRecord } from '../../../src/model/record/record.ts';
import { openTrail } from '../../../src/store/open-record.ts';
import { recordsIn } from '../crash/crash-campaign.ts';
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
  readonly violations: readonly (Violation & { readonly seed: number })[];
  /** What the bots logged, for a violation. */
  readonly logs: readonly string[];
};

export type ChaosOptions = {
  readonly seed: number;
  /** From a request to the fixed registry. */
  readonly flows: number;
  /** How many hosts there are: all of them are in their flow at once. */
  readonly atOnce: number;
  readonly bots: number;
  readonly told?: (done: number, violations: number) => void;
};

/** Plays flows in rounds. The round of seed N is the first one of a campaign with that seed. */
export async function runChaosCampaign({ seed, flows, atOnce, bots, told }: ChaosOptions): Promise<ChaosReport> {
  const started = performance.now();
  const scene = await startChaosScene(Math.min(atOnce, flows), bots);
  const chaos = new Map<Chaos, number>();
  let handovers = 0;
  const violations: (Violation & { readonly seed: number })[] = [];
  const asked: Asked[] = [];
  try {
    await Promise.all(scene.bots.map((bot) => bot.start()));
    let done = 0;
    for (let round = 0; done < flows; round += 1) {
      const these = scene.flows.slice(0, flows - done);
      const tell = (what: Chaos | typeof HANDOVER) => {
        if (what === HANDOVER) handovers += 1;
        else chaos.set(what, (chaos.get(what) ?? 0) + 1);
      };
      const random = new SeededRandom(seed + round);
      const after = await lastIncident(scene);
      const found = await playRound(scene, these, { random, told: tell, asked: (one) => asked.push(one), after });
      violations.push(...found.map((one) => ({ ...one, seed: seed + round })));
      done += these.length;
      told?.(done, violations.length);
    }
    violations.push(...(await endAllBots(scene)).map((one) => ({ ...one, seed })));
    const records = await recordsIn(scene.place);
    const { lost, killed } = whatBecameOf(asked, records, scene);
    violations.push(...lost.map((one) => ({ ...one, seed })));
    return {
      ...{ seed, flows, chaos, handovers, violations },
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

type Round = {
  readonly random: SeededRandom;
  readonly told: (chaos: Chaos | typeof HANDOVER) => void;
  readonly asked: (request: Asked) => void;
  /** The last incident of the rounds before. */
  readonly after: number;
};

async function playRound(
  scene: ChaosScene,
  flows: readonly Flow[],
  { random, told, asked, after }: Round,
): Promise<readonly Violation[]> {
  await Promise.all(flows.map((flow) => flow.breakIt()));
  const violations: Violation[] = [];
  const stuck = (what: string) => violations.push({ invariant: 'no incident is stuck', what });
  const part = () => new SeededRandom(random.int(2 ** 31));
  const calm = new AbortController();
  const chaos = chaosUntil(calm.signal, scene, { random: part(), told });
  const people = flows.map((flow) =>
    workUntilFixed(scene, flow, { random: part(), limitMs: FIXED_WITHIN_MS, asked }).catch((error: unknown) =>
      stuck(String(error)),
    ),
  );
  await Promise.all(people);
  calm.abort();
  await chaos;
  for (const what of await untilSettled(scene, after)) stuck(what);
  const records = await recordsIn(scene.place, after);
  for (const flow of flows) {
    const theirs = records.filter(({ incident }) => incident.host === flow.host);
    violations.push(...violationsOf(theirs, flow.changes(), scene.slack));
  }
  return violations;
}

async function lastIncident({ place }: ChaosScene): Promise<number> {
  const { auditTrail, close } = await openTrail(place);
  const entries = await auditTrail.list({}).finally(close);
  return Math.max(0, ...entries.map(({ incidentId }) => incidentId ?? 0));
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

/** Resolves to what never ended. */
async function untilSettled({ place }: ChaosScene, after: number): Promise<readonly string[]> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const stuck = (await recordsIn(place, after)).flatMap(stuckIn);
    if (stuck.length === 0 || performance.now() > deadline) return stuck;
    await sleep(500);
  }
}

function stuckIn(record: IncidentRecord): readonly string[] {
  const why = stuckWork(record);
  return why === null ? [] : [`incident ${record.incident.id} (${record.incident.host}): ${why}`];
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
