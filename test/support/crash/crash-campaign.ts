import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentId } from '../../../src/model/record/ids.ts';
import type { IncidentRecord } from '../../../src/model/record/record.ts';
import { openTrail } from '../../../src/store/open-record.ts';
import type { RecordPlace } from '../../../src/store/opened-store.ts';
import { SeededRandom } from '../random.ts';
import { BotLives } from './bot-lives.ts';
import { type CrashScene, type Flow, startCrashScene } from './crash-scene.ts';
import { stuckWork, type Violation, violationsOf } from './invariants.ts';
import { type KillPoint, MOMENTS } from './kill-point.ts';
import { workUntilFixed } from './people.ts';
import { type Trouble, troublesUntil } from './trouble.ts';

const LIVES = 3;
const LONGEST_LIFE_MS = 8_000;
const LONGEST_PAUSE_MS = 500;
/** A kill point that few flows have to come to is reached in most lives. */
const MOST_AT_POINT = 3;
/** Far more than a flow takes without trouble. */
const FIXED_WITHIN_MS = 180_000;
const SETTLED_WITHIN_MS = 90_000;
/** More than a campaign makes. */
const MOST_ENTRIES = 10_000_000;

export type CrashReport = {
  readonly seed: number;
  readonly seconds: number;
  /** Flows of one host from the request to the fixed registry. */
  readonly runs: number;
  readonly incidents: number;
  readonly entries: number;
  readonly executions: number;
  /** How often a bot was killed at which moment: `diagnosed before`, `at random`. */
  readonly kills: ReadonlyMap<string, number>;
  readonly troubles: ReadonlyMap<Trouble, number>;
  readonly violations: readonly (Violation & { readonly seed: number })[];
};

export type CrashOptions = {
  readonly seed: number;
  readonly runs: number;
  /** How many hosts one bot has: all of them are in their flow when it is killed. */
  readonly atOnce: number;
  readonly told?: (done: number, violations: number) => void;
};

/** Plays the whole flow so many times, in rounds. A round of seed N is the first one of a campaign with that seed. */
export async function runCrashCampaign({ seed, runs, atOnce, told }: CrashOptions): Promise<CrashReport> {
  const started = performance.now();
  const scene = await startCrashScene(Math.min(atOnce, runs));
  const tally = new Tally();
  try {
    let done = 0;
    for (let round = 0; done < runs; round += 1) {
      const flows = scene.flows.slice(0, runs - done);
      await new Round(scene, flows, tally, seed + round).play();
      done += flows.length;
      told?.(done, tally.violations.length);
    }
    return { ...tally, seed, runs, seconds: (performance.now() - started) / 1000 };
  } finally {
    await scene.end();
  }
}

class Tally {
  readonly kills = new Map<string, number>();
  readonly troubles = new Map<Trouble, number>();
  readonly violations: (Violation & { readonly seed: number })[] = [];
  incidents = 0;
  entries = 0;
  executions = 0;
}

class Round {
  readonly #scene: CrashScene;
  readonly #flows: readonly Flow[];
  readonly #tally: Tally;
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #lives: BotLives;

  constructor(scene: CrashScene, flows: readonly Flow[], tally: Tally, seed: number) {
    this.#scene = scene;
    this.#flows = flows;
    this.#tally = tally;
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
    this.#lives = new BotLives(scene);
  }

  async play(): Promise<void> {
    await Promise.all(this.#flows.map((flow) => flow.breakIt()));
    const earlier = await this.#records();
    const people = this.#flows.map((flow) =>
      workUntilFixed(this.#scene, flow, { random: this.#part(), limitMs: FIXED_WITHIN_MS }).catch((error: unknown) =>
        this.#violated({ invariant: 'no incident is stuck', what: String(error) }),
      ),
    );
    await this.#dieInTrouble();
    await this.#lives.liveOn();
    await Promise.all(people);
    await this.#untilSettled();
    await this.#lives.stop();
    await this.#check(new Set(earlier.map(({ incident }) => incident.id)));
  }

  /** Random choices of one part of the round, so that no part depends on when another one chooses. */
  #part(): SeededRandom {
    return new SeededRandom(this.#random.int(2 ** 31));
  }

  async #dieInTrouble(): Promise<void> {
    const calm = new AbortController();
    const { troubles } = this.#tally;
    const told = (trouble: Trouble) => count(troubles, trouble);
    const random = this.#part();
    const trouble = troublesUntil(calm.signal, this.#scene, { lives: this.#lives, random: this.#part(), told });
    for (let life = 0; life < LIVES; life += 1) {
      const killPoint = this.#killPoint(life, random);
      const limitMs = random.chance(20) ? random.int(LONGEST_LIFE_MS / 2) : LONGEST_LIFE_MS;
      const isReached = await this.#lives.live(killPoint, limitMs);
      count(this.#tally.kills, isReached ? `${killPoint.step} ${killPoint.when}` : 'at random');
      await sleep(random.int(LONGEST_PAUSE_MS));
    }
    calm.abort();
    await trouble;
  }

  /** One moment after the other, over all rounds of a campaign. */
  #killPoint(life: number, random: SeededRandom): KillPoint {
    const moment = MOMENTS[(this.#seed * LIVES + life) % MOMENTS.length] ?? MOMENTS[0];
    if (moment === undefined) throw new Error('there is no moment to be killed at');
    return { ...moment, nth: 1 + random.int(Math.min(this.#flows.length, MOST_AT_POINT)) };
  }

  async #untilSettled(): Promise<void> {
    const deadline = performance.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const stuck = (await this.#records()).flatMap((record) => {
        const why = stuckWork(record);
        return why === null ? [] : [`incident ${record.incident.id} (${record.incident.host}): ${why}`];
      });
      if (stuck.length === 0) return;
      if (performance.now() > deadline) {
        for (const what of stuck) this.#violated({ invariant: 'no incident is stuck', what });
        return;
      }
      await sleep(200);
    }
  }

  async #check(earlier: ReadonlySet<number>): Promise<void> {
    const { files, checkpointFile, slack } = this.#scene;
    const records = (await this.#records()).filter(({ incident }) => !earlier.has(incident.id));
    for (const flow of this.#flows) {
      const theirs = records.filter(({ incident }) => incident.host === flow.host);
      for (const violation of violationsOf(theirs, flow.changes(), slack)) this.#violated(violation);
    }
    const { status, stdout, stderr } = await files.cli('audit', 'verify', '--checkpoint', checkpointFile);
    if (status !== 0) this.#violated({ invariant: 'the record and its tree are valid', what: stdout + stderr });
    this.#tally.incidents += records.length;
    this.#tally.entries += records.flatMap(({ entries }) => entries).length;
    this.#tally.executions += records
      .flatMap(({ plans }) => plans)
      .filter(({ execution }) => execution !== null).length;
  }

  #violated(violation: Violation): void {
    this.#tally.violations.push({ ...violation, seed: this.#seed });
  }

  async #records(): Promise<readonly IncidentRecord[]> {
    const file = join(this.#scene.files.directory, 'registry-doctor.db');
    // Before the first life of the bot there is no record.
    return existsSync(file) ? recordsIn({ url: `sqlite:${file}`, passwordFile: null }) : [];
  }
}

/** Which incidents are read. */
export type Which = {
  /** Only incidents that were opened after this entry. */
  readonly after?: number;
  readonly host?: string;
  /** Of incidents that were read before, so that those of other hosts are not read each time. */
  readonly hosts?: Map<IncidentId, string>;
};

export async function recordsIn(
  place: RecordPlace,
  { after = 0, host, hosts = new Map() }: Which = {},
): Promise<readonly IncidentRecord[]> {
  const isWanted = (id: IncidentId) => host === undefined || (hosts.get(id) ?? host) === host;
  const opened = await openTrail(place);
  try {
    const entries = await opened.auditTrail.entriesAfter(after, MOST_ENTRIES);
    const ids = entries.flatMap(({ act, incidentId }) => (act === 'incident-opened' ? (incidentId ?? []) : []));
    const records: IncidentRecord[] = [];
    // One after the other: hundreds at once would wait for a connection longer than the store lets them.
    for (const id of ids.filter(isWanted)) {
      const record = await opened.auditTrail.incidentRecord(id);
      if (record === null) continue;
      hosts.set(id, record.incident.host);
      if (isWanted(id)) records.push(record);
    }
    return records;
  } finally {
    await opened.close();
  }
}

function count<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
