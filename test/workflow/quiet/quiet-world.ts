import type { TestContext } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { traitsOf } from '../../../src/incident/quiet/traits.ts';
import type { Diagnosis } from '../../../src/model/diagnosis/diagnosis.ts';
import { known } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import { Alert } from '../../../src/model/record/alert.ts';
import type { HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import type { MaintenanceWindow } from '../../../src/model/settings/quiet-settings.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { receiveAlerts } from '../../../src/workflow/alerts/receive-alerts.ts';
import { takeUpAlertsUntil } from '../../../src/workflow/alerts/take-up-alerts.ts';
import type { WorkflowContext } from '../../../src/workflow/context.ts';
import { groupIncident } from '../../../src/workflow/incident/group-incidents.ts';
import { requestDiagnosis } from '../../../src/workflow/incident/request-diagnosis.ts';
import { resolveOpenIncidents } from '../../../src/workflow/incident/resolve-incidents.ts';
import type { Metrics } from '../../../src/workflow/ports/bot.ts';
import type { PendingMessage } from '../../../src/workflow/ports/messages.ts';
import type { RecordStore, RecordTransaction } from '../../../src/workflow/ports/record.ts';
import { keepQuietUntil } from '../../../src/workflow/quiet/keep-mutes.ts';
import { requestMute, requestUnmute } from '../../../src/workflow/quiet/request-mute.ts';
import { UNMEASURED } from '../../../src/workflow/unmeasured.ts';
import { LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { OpenHosts } from '../../../src/workflow/watch/open-hosts.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';
import { watchHostUntil } from '../../../src/workflow/watch/watch-host.ts';
import { ALICE, type AttackedRecord, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { putDiagnosis } from '../../store/samples.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { hostPath, mountOf } from '../../support/facts/facts-builder.ts';
import { INCIDENT_ROOT, incidentFacts } from '../../support/facts/incident-facts.ts';
import { unreachableDiagnosis } from '../../telling/sample-diagnoses.ts';
import { guardedHost, type HostState, registryHttp } from '../watch/watched-hosts.ts';

/** A bot's loops around incidents over the real record, in simulated time. Only the diagnoses are stand-ins. */

export const START = new Date('2026-11-28T12:00:00Z');
const SECOND_MS = 1_000;
const DIAGNOSIS_MS = 3 * SECOND_MS;
/** Slower than the bot's own loops, so that hours pass in seconds. */
const LOOP_MS = 20 * SECOND_MS;
/** How long it takes to stop: a look that is under way ends first. */
const STOP_MS = 60 * SECOND_MS;

const FAULTY: Diagnosis = { ...judgeFacts(incidentFacts()), durationMs: 1 };
const ANSWER = { url: 'http://127.0.0.1:5000/v2/', status: 200, body: '{}' };
const HEALTHY: Diagnosis = { ...FAULTY, verdict: 'healthy', findings: [], plan: null, v2: ANSWER, health: ANSWER };
const FOUND: Record<HostState, Diagnosis> = {
  healthy: HEALTHY,
  'false-green': { ...FAULTY, v2: ANSWER, health: ANSWER },
  down: FAULTY,
  away: unreachableDiagnosis,
};

/** From then on, the host was so. Before the first, it was healthy. */
export type StateChange = { readonly host: HostName; readonly state: HostState; readonly at: string };

export type World = Awaited<ReturnType<typeof quietWorld>>;

export async function quietWorld(
  t: TestContext,
  setup: {
    readonly hosts: readonly HostSettings[];
    readonly maintenance?: readonly MaintenanceWindow[];
    readonly reopenMinutes?: number;
    /** What the storage of a host is mounted from. The others have a disk of their own. */
    readonly shares?: ReadonlyMap<HostName, string>;
  },
) {
  const record = await openRecord(t);
  const clock = new SimulatedClock(START);
  const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
  const states = new Map<HostName, HostState>();
  const changes: StateChange[] = [];
  const stateOf = (host: HostName) => states.get(host) ?? 'healthy';
  record.setNow(START);
  const { maintenance = [], reopenMinutes = 30, shares = new Map<HostName, string>() } = setup;
  const settings = {
    hosts: new Map(setup.hosts.map((host) => [host.name, host])),
    defaultPolicy: policyWith(),
    incidentChannel: CHANNEL,
    fleetLook: null,
    quiet: quietWith({ maintenance, reopenMinutes }),
  };
  const looks: string[] = [];
  const metrics: Metrics = { ...UNMEASURED, count: (name) => name === 'look' && looks.push(name) };
  const context = record.context({ store, clock, settings, metrics, remote: guardedHost(clock, stateOf) });
  const bot = new SimulatedBot(context, { clock, stateOf, shares });
  const posted: PendingMessage[] = [];
  let requests = 0;
  const newKey = () => {
    requests += 1;
    return `asked-${requests}`;
  };
  const asked = (host: HostName) => ({ hostText: host, by: ALICE, channel: CHANNEL });
  return {
    ...{ record, context, clock, store, bot },
    now: () => clock.now(),
    /** How often a registry was checked. */
    looks: () => looks.length,
    set: (host: HostName, state: HostState) => {
      states.set(host, state);
      changes.push({ host, state, at: clock.now().toISOString() });
    },
    /** What was set, in its order. */
    changes: (): readonly StateChange[] => changes,
    pass: async (seconds: number) => {
      await clock.pass(seconds * SECOND_MS);
    },
    alert: (host: HostName, change: Partial<Record<keyof Alert, unknown>> = {}) =>
      receiveAlerts(context, { alerts: [alertAbout(host, clock.now(), change)], leftOut: null }),
    diagnose: async (host: HostName) => {
      const outcome = await requestDiagnosis(context, { ...asked(host), requestKey: newKey() });
      if (outcome.kind === 'diagnose') bot.diagnose(outcome.incident);
      return outcome;
    },
    mute: (host: HostName, lengthText: string, reason: string | null = null, requestKey = newKey()) =>
      requestMute(context, { ...asked(host), lengthText, reason, requestKey }),
    unmute: async (host: HostName, requestKey = newKey()) => {
      const { answer, opened } = await requestUnmute(context, { ...asked(host), requestKey });
      for (const incident of opened) bot.diagnose(incident);
      return answer;
    },
    incidents: () => store.transact((tx) => tx.incidentsIn(['diagnosing', 'open', 'executing', 'resolved', 'closed'])),
    acts: async () => (await record.opened.auditTrail.list({})).map(({ act }) => act),
    notices: () => postedIn(record, posted),
  };
}

/** All messages that were to be posted, in their order: a channel takes the next one when the last was delivered. */
async function postedIn(record: AttackedRecord, posted: PendingMessage[]): Promise<readonly PendingMessage[]> {
  const { outbox } = record.opened;
  for (;;) {
    const next = await outbox.pending(1_000, new Date(8e15));
    if (next.length === 0) return posted;
    for (const message of next) {
      posted.push(message);
      await outbox.markDelivered(message.key, message.version, `1.${posted.length}`);
    }
  }
}

function alertAbout(host: HostName, now: Date, change: Partial<Record<keyof Alert, unknown>>): Alert {
  return Alert.parse({
    source: 'prometheus',
    fingerprint: `down-${host}`,
    status: 'firing',
    summary: 'Registry down',
    link: null,
    labels: { instance: host },
    startsAt: now.toISOString(),
    hostLabel: host,
    ...change,
  });
}

type Simulated = {
  readonly clock: SimulatedClock;
  readonly stateOf: (host: HostName) => HostState;
  readonly shares: ReadonlyMap<HostName, string>;
};

/** Watches, takes up alerts, diagnoses and keeps quiet, until it is stopped. Another start knows what is on record. */
class SimulatedBot {
  readonly #context: WorkflowContext;
  readonly #clock: SimulatedClock;
  readonly #stateOf: (host: HostName) => HostState;
  readonly #shares: ReadonlyMap<HostName, string>;
  #stop = new AbortController();
  #work: Promise<unknown>[] = [];

  constructor(context: WorkflowContext, { clock, stateOf, shares }: Simulated) {
    this.#context = context;
    this.#clock = clock;
    this.#stateOf = stateOf;
    this.#shares = shares;
  }

  async start(): Promise<void> {
    this.#stop = new AbortController();
    const stop = this.#stop.signal;
    const clock = this.#clock;
    const context = this.#context;
    for (const incident of await context.store.transact((tx) => tx.incidentsIn(['diagnosing'])))
      this.diagnose(incident);
    this.#work.push(
      takeUpAlertsUntil(stop, context, () => clock.sleep(LOOP_MS, stop), this.diagnose),
      keepQuietUntil(stop, context, { pause: () => clock.sleep(LOOP_MS, stop), silencedBy: [] }, this.diagnose),
      ...this.#watches(stop),
    );
  }

  /** Takes a minute. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#clock.pass(STOP_MS);
    await Promise.all(this.#work.splice(0));
  }

  readonly diagnose = (incident: Incident): void => {
    this.#work.push(this.#diagnosis(incident, this.#stop.signal));
  };

  #watches(stop: AbortSignal): Promise<void>[] {
    const { store, settings } = this.#context;
    const http = registryHttp(this.#clock, this.#stateOf);
    const openHosts = new OpenHosts(store, this.#clock);
    const shared = { http, turns: new LookTurns(this.#clock), openHosts, board: new WatchBoard() };
    return [...settings.hosts.values()].flatMap((host) => {
      if (host.watch === null) return [];
      const watching = { host, watch: host.watch, place: 0, random: () => 0, ...shared };
      return [watchHostUntil(stop, this.#context, watching, this.diagnose)];
    });
  }

  async #diagnosis(incident: Incident, stop: AbortSignal): Promise<void> {
    await this.#clock.sleep(DIAGNOSIS_MS, stop);
    if (stop.aborted) return;
    const found = FOUND[this.#stateOf(incident.host)];
    await this.#context.store.transact(async (tx) => {
      if ((await tx.incident(incident.id))?.state !== 'diagnosing') return;
      await tx.moveIncident(incident.id, ['diagnosing'], { verdict: found.verdict });
      await putDiagnosis(tx, incident, found);
      if (found.verdict === 'faulty') await this.#group(tx, incident);
      const now = this.#clock.now();
      const isOpen = found.verdict === 'faulty' || incident.openedBy.kind !== 'slack-user';
      const end = isOpen ? { state: 'open' as const } : { state: 'closed' as const, closedAt: now.toISOString() };
      await tx.moveIncident(incident.id, ['diagnosing'], end);
      const proof = { by: 'workflow', proof: 'diagnosis' } as const;
      if (found.verdict === 'healthy') await resolveOpenIncidents(tx, incident.host, now, proof);
    });
  }

  async #group(tx: RecordTransaction, incident: Incident): Promise<void> {
    await tx.saveTraits(incident.id, traitsOf(factsWith(this.#shares.get(incident.host))));
    await groupIncident(tx, incident);
  }
}

function factsWith(share: string | undefined): Facts {
  const facts = incidentFacts();
  if (share === undefined) return facts;
  const mount = mountOf({ mountPoint: hostPath(INCIDENT_ROOT), filesystem: 'nfs4', source: share });
  return { ...facts, mounts: known([mount]) };
}
