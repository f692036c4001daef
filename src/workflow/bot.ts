import PQueue from 'p-queue';
import type { AlertDelivery } from '../model/record/alert.ts';
import type { ChannelId, HostName, PlanId } from '../model/record/ids.ts';
import type { Incident } from '../model/record/incident.ts';
import type { PrivateAnswer } from '../model/record/messages/private-answer.ts';
import type { AlertSourceSettings } from '../model/settings/alert-settings.ts';
import { AlertInbox } from './alerts/receive-alerts.ts';
import { takeUpAlertsUntil } from './alerts/take-up-alerts.ts';
import type { WorkflowContext } from './context.ts';
import { deliverMessagesUntil } from './delivery/deliver-messages.ts';
import { Wake } from './delivery/wake.ts';
import { executePlan } from './execution/execute-plan.ts';
import { verifyRecovery } from './execution/verify-recovery.ts';
import { homePage } from './fleet/home-page.ts';
import { hostsNamedIn } from './fleet/hosts-named-in.ts';
import { lookUp, type Sources } from './fleet/look-up.ts';
import { acknowledgeIncident } from './incident/acknowledge-incident.ts';
import { diagnoseIncident } from './incident/diagnose-incident.ts';
import { postRecord } from './incident/post-record.ts';
import { type Asked, diagnoseAgain, requestDiagnosis } from './incident/request-diagnosis.ts';
import { callPeopleUntil } from './plan/call-people.ts';
import { expirePlansUntil } from './plan/expire-plans.ts';
import type {
  AlertIntake,
  Checkpoints,
  MessageLinks,
  Messenger,
  Outbox,
  RegistryHttp,
  SilenceReader,
} from './ports.ts';
import { keepQuietUntil } from './quiet/keep-mutes.ts';
import { readSilencesUntil } from './quiet/read-silences.ts';
import { requestMute, requestUnmute } from './quiet/request-mute.ts';
import { dropDetailsUntil } from './record/drop-details.ts';
import { keepCheckpointsUntil } from './record/keep-checkpoints.ts';
import { sendEntriesUntil } from './record/send-entries.ts';
import type { Sending } from './record/send-some.ts';
import type { DecisionOutcome, HomeOutcome, LookedUp, Person, Proposed, RequestOutcome, Requests } from './requests.ts';
import { chooseNarrower } from './review/choose-narrower.ts';
import { decidePlan } from './review/decide-plan.ts';
import { hostsToAsk } from './review/hosts-to-ask.ts';
import { requestUndo } from './review/request-undo.ts';
import { withdrawPlan } from './review/withdraw-plan.ts';
import { findUnfinished, type Task } from './unfinished-tasks.ts';
import { HostWatches } from './watch/host-watches.ts';
import { lookAtFleetUntil } from './watch/look-at-fleet.ts';
import { lookDeeperUntil } from './watch/look-deeper.ts';
import { LookTurns } from './watch/look-turns.ts';
import { OpenHosts } from './watch/open-hosts.ts';
import { WatchBoard } from './watch/watch-board.ts';
import { watchHostUntil } from './watch/watch-host.ts';
import { WorkInFlight } from './work-in-flight.ts';

/** The maximum number of simultaneous diagnoses over all hosts. Others wait, and their message says so. */
const DIAGNOSES_AT_ONCE = 32;
const RESUME_EVERY_MS = 15_000;
/** An alert that waits for a diagnosis to end is looked at again within this time. */
const WAITING_ALERTS_EVERY_MS = 1_000;
/** How late a mute, a maintenance window or flapping can be seen to begin or end. */
const MUTES_EVERY_MS = 10_000;
const SILENCES_EVERY_MS = 30_000;
/** What comes in a storm of alerts is taken up together. */
const ALERTS_PAUSE_MS = 200;

/** What only the bot needs beside the context of every workflow: for delivery, and for monitoring. */
type Beside = {
  readonly outbox: Outbox;
  readonly messenger: Messenger;
  readonly wake: Wake;
  readonly http: RegistryHttp;
  readonly checkpoints: Pick<Checkpoints, 'keep'>;
  /** Sends the record to a collector. Absent: it is sent nowhere. */
  readonly sending?: Sending | undefined;
  /** How long details are kept. Null: for ever. */
  readonly detailsDays: number | null;
  readonly links: MessageLinks;
  /** Called when monitoring sees a host in another state than before. Absent: no one shows that. */
  readonly onSeen?: () => void;
  readonly silences: { readonly reader: SilenceReader; readonly sources: readonly AlertSourceSettings[] };
};

/**
 * The bot. It takes people's requests, and does the resulting work in the background.
 *
 * - Work is a `Task`: a diagnosis, an execution or a verification. Everything that a task needs is on record before the
 *   task starts, and a task has no state of its own. So a crash loses nothing: the record says what is unfinished. Each
 *   step of a task is compare-and-set, so a task that runs twice changes nothing twice.
 * - Loops run until `stop`: delivering messages, resuming unfinished tasks, expiring plans, calling people to
 *   them, taking up alerts, keeping mutes, reading silences, keeping checkpoints, sending entries, the nightly look, and two for each
 *   watched host.
 * - A stop has two phases. First the loops end and running tasks finish, or stop waiting and stay on record. Then due
 *   messages are delivered, so delivery has a signal of its own.
 */
export class Bot implements Requests, AlertIntake {
  readonly #context: WorkflowContext;
  readonly #beside: Beside;
  readonly #stop = new AbortController();
  readonly #stopDelivery = new AbortController();
  readonly #diagnoses = new PQueue({ concurrency: DIAGNOSES_AT_ONCE });
  readonly #work: WorkInFlight;
  readonly #delivery: WorkInFlight;
  readonly #atWork = new Set<string>();
  readonly #watches: HostWatches;
  readonly #sources: Sources;
  readonly #inbox: AlertInbox;
  /** Wakes when a postponed task can continue. */
  readonly #unfinished = new Wake();
  /** Wakes when alerts were received. */
  readonly #alerts = new Wake();
  /** Wakes when the settings are others. */
  readonly #newSettings = new Wake();
  readonly #turns: LookTurns;

  constructor(context: WorkflowContext, beside: Beside) {
    this.#context = context;
    this.#beside = beside;
    this.#work = new WorkInFlight(context.log);
    this.#delivery = new WorkInFlight(context.log);
    this.#turns = new LookTurns(context.clock);
    this.#sources = { board: new WatchBoard(beside.onSeen), links: beside.links };
    this.#watches = this.#hostWatches();
    this.#inbox = new AlertInbox(context);
  }

  /** Starts the loops, and resumes what the record says is unfinished. */
  start(): void {
    const { clock, log } = this.#context;
    this.#delivery.start('delivering messages', () =>
      deliverMessagesUntil(this.#stopDelivery.signal, { ...this.#beside, clock, log }),
    );
    this.#work.start('resuming unfinished work', () => this.#resumeUnfinishedUntil(this.#stop.signal));
    this.#work.start('expiring plans', () => expirePlansUntil(this.#stop.signal, this.#context));
    this.#work.start('keeping checkpoints', () =>
      keepCheckpointsUntil(this.#stop.signal, this.#context, this.#beside.checkpoints),
    );
    this.#work.start('dropping details', () =>
      dropDetailsUntil(this.#stop.signal, this.#context, this.#beside.detailsDays),
    );
    const { sending } = this.#beside;
    if (sending !== undefined) {
      this.#work.start('sending entries', () => sendEntriesUntil(this.#stop.signal, this.#context, sending));
    }
    this.#work.start('calling people', () => callPeopleUntil(this.#stop.signal, this.#context));
    this.#work.start('taking up alerts', () =>
      takeUpAlertsUntil(this.#stop.signal, this.#context, this.#untilAlerts, this.#diagnose),
    );
    this.#work.start('looking at the fleet', () => this.#lookAtFleet(this.#stop.signal));
    this.#startKeepingQuiet();
    this.followSettings();
  }

  /** The settings are others now: watches the hosts that they name. Work under way goes on as it began. */
  followSettings(): void {
    if (this.#stop.signal.aborted) return;
    this.#watches.follow(this.#context.settings);
    this.#newSettings.ring();
  }

  /** How many hosts are watched. */
  get watchedHosts(): number {
    return this.#watches.size;
  }

  /** Ends the loops, lets running work finish, and then delivers its messages. False: it took too long. */
  async stop(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    this.#stop.abort();
    const isWorkDone = await this.#work.drain(timeoutMs);
    this.#stopDelivery.abort();
    return (await this.#delivery.drain(Math.max(0, deadline - performance.now()))) && isWorkDone;
  }

  async requestDiagnosis(request: Parameters<Requests['requestDiagnosis']>[0]): Promise<RequestOutcome> {
    return this.#answer(await requestDiagnosis(this.#context, request));
  }

  hostsToAsk(request: Parameters<Requests['hostsToAsk']>[0]): Promise<readonly HostName[]> {
    return hostsToAsk(this.#context, request);
  }

  hostsNamedIn(request: Parameters<Requests['hostsNamedIn']>[0]): Promise<readonly HostName[]> {
    return hostsNamedIn(this.#context, request);
  }

  lookUp(request: Parameters<Requests['lookUp']>[0]): Promise<LookedUp> {
    return lookUp(this.#context, this.#sources, request);
  }

  homePage(by: Person): Promise<HomeOutcome> {
    return homePage(this.#context, this.#sources, by);
  }

  get incidentChannel(): ChannelId {
    return this.#context.settings.incidentChannel;
  }

  async diagnoseAgain(request: Parameters<Requests['diagnoseAgain']>[0]): Promise<RequestOutcome> {
    return this.#answer(await diagnoseAgain(this.#context, request));
  }

  postRecord(request: Parameters<Requests['postRecord']>[0]): Promise<Proposed> {
    return postRecord(this.#context, request);
  }

  mute(request: Parameters<Requests['mute']>[0]): Promise<PrivateAnswer> {
    return requestMute(this.#context, request);
  }

  async unmute(request: Parameters<Requests['unmute']>[0]): Promise<PrivateAnswer> {
    const { answer, opened } = await requestUnmute(this.#context, request);
    for (const incident of opened) this.#diagnose(incident);
    return answer;
  }

  async decide(request: Parameters<Requests['decide']>[0]): Promise<DecisionOutcome> {
    const { outcome, approved } = await decidePlan(this.#context, request);
    if (approved) this.#begin({ kind: 'execution', planId: approved.id });
    return outcome;
  }

  chooseNarrower(request: Parameters<Requests['chooseNarrower']>[0]): Promise<Proposed> {
    return chooseNarrower(this.#context, request);
  }

  acknowledge(request: Parameters<Requests['acknowledge']>[0]): Promise<Proposed> {
    return acknowledgeIncident(this.#context, request);
  }

  withdraw(request: Parameters<Requests['withdraw']>[0]): Promise<Proposed> {
    return withdrawPlan(this.#context, request);
  }

  undo(request: Parameters<Requests['undo']>[0]): Promise<Proposed> {
    return requestUndo(this.#context, request);
  }

  #startKeepingQuiet(): void {
    const { clock } = this.#context;
    const stop = this.#stop.signal;
    const { reader, sources } = this.#beside.silences;
    const keeping = {
      pause: () => clock.sleep(MUTES_EVERY_MS, stop),
      silencedBy: sources.map(({ name }) => name),
    };
    this.#work.start('keeping mutes', () => keepQuietUntil(stop, this.#context, keeping, this.#diagnose));
    const pause = () => clock.sleep(SILENCES_EVERY_MS, stop);
    for (const source of sources) {
      this.#work.start(`reading the silences of ${source.name}`, () =>
        readSilencesUntil(stop, this.#context, { source, reader, pause }, this.#diagnose),
      );
    }
  }

  /** Watches share the turns of their checks, and what they know of open incidents. */
  #hostWatches(): HostWatches {
    const { clock, store } = this.#context;
    const { http } = this.#beside;
    const { board } = this.#sources;
    const openHosts = new OpenHosts(store, clock);
    const shared = { http, turns: this.#turns, openHosts, board, random: Math.random };
    return new HostWatches((host, place, ended) => {
      const stop = AbortSignal.any([this.#stop.signal, ended]);
      const watching = { host, watch: host.watch, place, ...shared };
      this.#work.start(`watching ${host.name}`, () => watchHostUntil(stop, this.#context, watching, this.#diagnose));
      this.#work.start(`looking deeper at ${host.name}`, () =>
        lookDeeperUntil(stop, this.#context, watching, this.#diagnose),
      );
    });
  }

  #lookAtFleet(stop: AbortSignal): Promise<void> {
    const pause = (ms: number) => this.#newSettings.wait(this.#context.clock, ms, stop);
    return lookAtFleetUntil(stop, this.#context, { http: this.#beside.http, turns: this.#turns, pause });
  }

  async takeAlerts(delivery: AlertDelivery): Promise<void> {
    await this.#inbox.takeAlerts(delivery);
    this.#alerts.ring();
  }

  readonly #untilAlerts = async (isAlertWaiting: boolean) => {
    const { clock } = this.#context;
    const stop = this.#stop.signal;
    await clock.sleep(ALERTS_PAUSE_MS, stop);
    await this.#alerts.wait(clock, isAlertWaiting ? WAITING_ALERTS_EVERY_MS : RESUME_EVERY_MS, stop);
  };

  /** Of an incident that was opened on its own. */
  readonly #diagnose = (incident: Incident) => this.#begin({ kind: 'diagnosis', incident, askedBy: incident.openedBy });

  #answer(asked: Asked): RequestOutcome {
    if (asked.kind === 'answer') return asked;
    if (asked.kind === 'diagnose') this.#begin({ ...asked, kind: 'diagnosis' });
    return { kind: 'opened', incident: asked.incident, answer: (asked.kind === 'diagnose' && asked.answer) || null };
  }

  #begin(task: Task): void {
    const name = nameOf(task);
    this.#atWork.add(name);
    this.#work.start(name, () => this.#carryOut(task).finally(() => this.#atWork.delete(name)));
  }

  #carryOut(task: Task): Promise<void> {
    const context = this.#context;
    switch (task.kind) {
      case 'diagnosis':
        return this.#diagnoses.add(async () => {
          // A task that still waits its turn is on record, and the next start resumes it.
          if (!this.#stop.signal.aborted) await diagnoseIncident(context, task.incident, task.askedBy);
        });
      case 'execution':
        return this.#execute(task.planId);
      case 'verification':
        return verifyRecovery(context, task.incident.id, task.host, this.#stop.signal);
    }
  }

  /** Runs a plan. Once the plan is over, starts the next one for its host. */
  async #execute(planId: PlanId): Promise<void> {
    if (await executePlan(this.#context, planId, this.#stop.signal)) this.#unfinished.ring();
  }

  /** Runs at start and then periodically, so that work interrupted by a store failure resumes without a restart. */
  async #resumeUnfinishedUntil(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    while (!stop.aborted) {
      try {
        for (const task of await findUnfinished(this.#context)) this.#resume(task);
      } catch (error) {
        log.error({ err: error }, 'the record could not be searched for unfinished work');
      }
      await this.#unfinished.wait(clock, RESUME_EVERY_MS, stop);
    }
  }

  /**
   * Resumes a task unless it already runs. A second run would be harmless (each step is compare-and-set) but wasteful.
   */
  #resume(task: Task): void {
    if (namesOf(task).some((name) => this.#atWork.has(name))) return;
    this.#context.log.info({ what: nameOf(task) }, 'resuming unfinished work');
    this.#begin(task);
  }
}

function nameOf(task: Task): string {
  return task.kind === 'execution' ? executionOf(task.planId) : `${task.kind} of incident ${task.incident.id}`;
}

/**
 * The tasks that do this work. An execution verifies its plan itself, on the host that it began with: the config might
 * have been reloaded without that host.
 */
function namesOf(task: Task): readonly string[] {
  const plan = task.kind === 'verification' ? task.incident.currentPlan : null;
  return plan === null ? [nameOf(task)] : [nameOf(task), executionOf(plan)];
}

function executionOf(planId: PlanId): string {
  return `execution of plan ${planId}`;
}
