import type { AlertDelivery } from '../model/record/alert.ts';
import type { ChannelId, HostName } from '../model/record/ids.ts';
import type { Incident } from '../model/record/incident.ts';
import type { PrivateAnswer } from '../model/record/messages/private-answer.ts';
import { AlertInbox } from './alerts/receive-alerts.ts';
import type { WorkflowContext } from './context.ts';
import { deliverMessagesUntil } from './delivery/deliver-messages.ts';
import { type LateNeeds, undoLate } from './delivery/undo-late.ts';
import { Wake } from './delivery/wake.ts';
import { type DutyNeeds, dutiesOf } from './duties.ts';
import { homePage } from './fleet/home-page.ts';
import { hostsNamedIn } from './fleet/hosts-named-in.ts';
import { lookUp, type Sources } from './fleet/look-up.ts';
import { HostTurns } from './host-turns.ts';
import { acknowledgeIncident } from './incident/acknowledge-incident.ts';
import { postRecord } from './incident/post-record.ts';
import { type Asked, diagnoseAgain, requestDiagnosis } from './incident/request-diagnosis.ts';
import { EmbeddedJobs } from './jobs/embedded-jobs.ts';
import type { Jobs, Within } from './jobs/jobs.ts';
import { SharedJobs } from './jobs/shared-jobs.ts';
import { WorkInFlight } from './jobs/work-in-flight.ts';
import type { AlertIntake } from './ports/alerts.ts';
import type { Leases, Sights, Turn } from './ports/bots.ts';
import type { MessageLinks, Messenger, Outbox, PendingMessage } from './ports/messages.ts';
import { requestMute, requestUnmute } from './quiet/request-mute.ts';
import type { DecisionOutcome, HomeOutcome, LookedUp, Person, Proposed, RequestOutcome, Requests } from './requests.ts';
import { chooseNarrower } from './review/choose-narrower.ts';
import { decidePlan } from './review/decide-plan.ts';
import { hostsToAsk } from './review/hosts-to-ask.ts';
import { requestUndo } from './review/request-undo.ts';
import { withdrawPlan } from './review/withdraw-plan.ts';
import { Tasks } from './tasks.ts';
import { LookTurns } from './watch/look-turns.ts';
import { WatchBoard } from './watch/watch-board.ts';

/** How often the record is searched for work that no one here has begun. With several bots, another one can have put it there. */
const RESUME_EVERY_MS = { alone: 15_000, shared: 1_000 } as const;

const TELL_SIGHTS_EVERY_MS = 1_000;

/** What only the bot needs beside the context of every workflow: for delivery, and for monitoring. */
type Beside = DutyNeeds & {
  readonly outbox: Outbox;
  readonly messenger: Messenger;
  readonly wake: Wake;
  readonly links: MessageLinks;
  /** Called when monitoring sees a host in another state than before. Absent: no one shows that. */
  readonly onSeen?: () => void;
  /** For several bots on one record. Absent: this is its only bot. */
  readonly several?: SeveralBots | undefined;
};

export type SeveralBots = {
  readonly leases: Leases;
  readonly sights: Sights;
  readonly removePost: LateNeeds['removePost'];
};

/**
 * The bot. It takes people's requests, and does the resulting work in the background.
 *
 * - Work is a task (`tasks.ts`): a diagnosis, an execution or a verification. It has no state of its own: the record says what is unfinished.
 * - Duties (`duties.ts`), the delivery of messages and each host are standing jobs: of several bots on one record, one has the turn at each
 *   (`jobs/`). A task runs under the turn at its host, and monitoring is part of that turn (`host-turns.ts`).
 * - Every bot takes requests, and searches the record for unfinished tasks.
 * - A stop has two phases. First the loops end and running tasks finish, or stop waiting and stay on record. Then due
 *   messages are delivered, so delivery has a signal of its own.
 */
export class Bot implements Requests, AlertIntake {
  readonly #context: WorkflowContext;
  readonly #beside: Beside;
  readonly #stop = new AbortController();
  readonly #stopDelivery = new AbortController();
  readonly #work: WorkInFlight;
  readonly #delivery: WorkInFlight;
  readonly #jobs: Jobs;
  readonly #untilStop: Within;
  readonly #tasks: Tasks;
  readonly #hosts: HostTurns;
  readonly #sources: Sources;
  readonly #inbox: AlertInbox;
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
    this.#untilStop = { work: this.#work, stop: this.#stop.signal };
    const { several } = beside;
    this.#jobs = several === undefined ? new EmbeddedJobs() : new SharedJobs(several.leases, context.log);
    this.#turns = new LookTurns(context.clock);
    this.#sources = { board: new WatchBoard(beside.onSeen, beside.several?.sights), links: beside.links };
    this.#inbox = new AlertInbox(context);
    const shared = { jobs: this.#jobs, within: this.#untilStop };
    this.#tasks = new Tasks(context, {
      ...shared,
      searchEveryMs: this.#resumeEveryMs,
      found: (hosts) => this.#hosts.keepAlso(hosts),
    });
    this.#hosts = new HostTurns(context, {
      ...shared,
      http: beside.http,
      turns: this.#turns,
      board: this.#sources.board,
      diagnose: this.#diagnose,
      changed: () => this.#tasks.searchNow(),
    });
  }

  /** Starts the jobs, and resumes what the record says is unfinished. */
  start(): void {
    const { clock, log } = this.#context;
    const late = this.#undoLate(this.#beside.several);
    const deliver = (turn: Turn) =>
      deliverMessagesUntil(turn, { ...this.#beside, clock, log, ...late, tellRefusals: this.#context });
    this.#jobs.keep('delivering messages', deliver, { work: this.#delivery, stop: this.#stopDelivery.signal });
    const duties = dutiesOf(this.#context, this.#beside, {
      turns: this.#turns,
      alerts: this.#alerts,
      alertsEveryMs: this.#resumeEveryMs,
      newSettings: this.#newSettings,
      diagnose: this.#diagnose,
    });
    for (const [name, run] of duties) this.#jobs.keep(name, run, this.#untilStop);
    this.#work.start('resuming unfinished work', () => this.#tasks.resumeUntil(this.#stop.signal));
    if (this.#jobs.isShared) this.#work.start('telling what is seen', () => this.#tellSights(this.#stop.signal));
    this.followSettings();
    this.#jobs.start();
  }

  /** The settings are others now: watches the hosts that they name. Work under way goes on as it began. */
  followSettings(): void {
    if (this.#stop.signal.aborted) return;
    this.#hosts.followSettings();
    this.#newSettings.ring();
  }

  /** How many hosts are watched. */
  get watchedHosts(): number {
    return this.#hosts.watched;
  }

  /** Ends the loops, lets running work finish, and then delivers its messages. False: it took too long. */
  async stop(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    this.#stop.abort();
    const isWorkDone = await this.#work.drain(timeoutMs);
    this.#stopDelivery.abort();
    const isDelivered = await this.#delivery.drain(Math.max(0, deadline - performance.now()));
    await this.#jobs.leave();
    return isDelivered && isWorkDone;
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
    if (approved) this.#tasks.begin({ kind: 'execution', planId: approved.id, host: approved.host });
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

  get #resumeEveryMs(): number {
    return this.#jobs.isShared ? RESUME_EVERY_MS.shared : RESUME_EVERY_MS.alone;
  }

  async #tellSights(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    while (!stop.aborted) {
      await this.#sources.board
        .tell()
        .catch((error: unknown) => log.warn({ err: error }, 'what monitoring saw could not be told to the other bots'));
      await clock.sleep(TELL_SIGHTS_EVERY_MS, stop);
    }
  }

  async takeAlerts(delivery: AlertDelivery): Promise<void> {
    await this.#inbox.takeAlerts(delivery);
    this.#alerts.ring();
  }

  /** Of an incident that was opened on its own. */
  readonly #diagnose = (incident: Incident) =>
    this.#tasks.begin({ kind: 'diagnosis', incident, askedBy: incident.openedBy });

  #answer(asked: Asked): RequestOutcome {
    if (asked.kind === 'answer') return asked;
    if (asked.kind === 'diagnose') this.#tasks.begin({ ...asked, kind: 'diagnosis' });
    return { kind: 'opened', incident: asked.incident, answer: (asked.kind === 'diagnose' && asked.answer) || null };
  }

  #undoLate(several: SeveralBots | undefined) {
    if (several === undefined) return {};
    const needs = { ...several, outbox: this.#beside.outbox, clock: this.#context.clock, log: this.#context.log };
    const stop = this.#stopDelivery.signal;
    return {
      late: (message: PendingMessage, ts: string) =>
        this.#delivery.start('undoing what reached Slack late', () => undoLate(stop, needs, message, ts)),
    };
  }
}
