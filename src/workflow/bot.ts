import PQueue from 'p-queue';
import type { HostName, PlanId } from '../model/ids.ts';
import { type Asked, askAgain, askForDiagnosis, hostsToAsk } from './ask-for-diagnosis.ts';
import { askForUndo } from './ask-for-undo.ts';
import { decidePlan } from './decide-plan.ts';
import { deliverMessagesUntil } from './deliver-messages.ts';
import { executePlan } from './execute-plan.ts';
import { expirePlansUntil } from './expire-plans.ts';
import { diagnoseIncident } from './incident-diagnosis.ts';
import type { Messenger, Outbox } from './ports.ts';
import type { DecisionOutcome, Proposed, RequestOutcome, Requests } from './requests.ts';
import type { Surroundings } from './surroundings.ts';
import { findUnfinished, type Task } from './unfinished-tasks.ts';
import { verifyRecovery } from './verify-recovery.ts';
import { Wake } from './wake.ts';
import { watchHostUntil } from './watch-host.ts';
import { WorkInFlight } from './work-in-flight.ts';

/** Diagnoses at once, over all hosts; more wait, and their message says so. */
const DIAGNOSES_AT_ONCE = 32;
const TAKE_UP_EVERY_MS = 15_000;

/**
 * The bot at work: takes requests, runs diagnoses and approved plans in the background, watches hosts, delivers messages,
 * and takes up what an earlier run left unfinished.
 */
export class Bot implements Requests {
  readonly #surroundings: Surroundings;
  readonly #post: { outbox: Outbox; messenger: Messenger; wake: Wake };
  readonly #stop = new AbortController();
  readonly #stopDelivery = new AbortController();
  readonly #diagnoses = new PQueue({ concurrency: DIAGNOSES_AT_ONCE });
  readonly #work: WorkInFlight;
  readonly #delivery: WorkInFlight;
  readonly #atWork = new Set<string>();
  /** Rings when something that was put off may go on. */
  readonly #unfinished = new Wake();

  constructor(surroundings: Surroundings, post: { outbox: Outbox; messenger: Messenger; wake: Wake }) {
    this.#surroundings = surroundings;
    this.#post = post;
    this.#work = new WorkInFlight(surroundings.log);
    this.#delivery = new WorkInFlight(surroundings.log);
  }

  /** Starts the loops, and goes on with what the record says is unfinished. */
  start(): void {
    const { clock, log, settings } = this.#surroundings;
    this.#delivery.start('delivering messages', () =>
      deliverMessagesUntil(this.#stopDelivery.signal, { ...this.#post, clock, log }),
    );
    this.#work.start('taking up unfinished work', () => this.#takeUpUnfinishedUntil(this.#stop.signal));
    this.#work.start('expiring plans', () => expirePlansUntil(this.#stop.signal, this.#surroundings));
    for (const host of settings.hosts.values()) {
      if (host.watch === null) continue;
      const watching = { host, intervalMs: host.watch.intervalSeconds * 1000 };
      this.#work.start(`watching ${host.name}`, () =>
        watchHostUntil(this.#stop.signal, this.#surroundings, watching, (incident) =>
          this.#begin({ kind: 'diagnosis', incident, askedBy: incident.openedBy }),
        ),
      );
    }
  }

  /** Ends the loops, lets work under way finish, and then delivers what it had to say. False: it took too long. */
  async stop(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    this.#stop.abort();
    const isWorkDone = await this.#work.drain(timeoutMs);
    this.#stopDelivery.abort();
    return (await this.#delivery.drain(Math.max(0, deadline - performance.now()))) && isWorkDone;
  }

  async requestDiagnosis(request: Parameters<Requests['requestDiagnosis']>[0]): Promise<RequestOutcome> {
    return this.#answer(await askForDiagnosis(this.#surroundings, request));
  }

  hostsToAsk(request: Parameters<Requests['hostsToAsk']>[0]): Promise<readonly HostName[]> {
    return hostsToAsk(this.#surroundings, request);
  }

  async diagnoseAgain(request: Parameters<Requests['diagnoseAgain']>[0]): Promise<RequestOutcome> {
    return this.#answer(await askAgain(this.#surroundings, request));
  }

  async decide(request: Parameters<Requests['decide']>[0]): Promise<DecisionOutcome> {
    const { outcome, approved } = await decidePlan(this.#surroundings, request);
    if (approved) this.#begin({ kind: 'execution', planId: approved.id });
    return outcome;
  }

  undo(request: Parameters<Requests['undo']>[0]): Promise<Proposed> {
    return askForUndo(this.#surroundings, request);
  }

  #answer(asked: Asked): RequestOutcome {
    if (asked.kind === 'answer') return asked;
    if (asked.kind === 'diagnose') this.#begin({ ...asked, kind: 'diagnosis' });
    return { kind: 'opened', incident: asked.incident };
  }

  #begin(task: Task): void {
    const name = nameOf(task);
    this.#atWork.add(name);
    this.#work.start(name, () => this.#carryOut(task).finally(() => this.#atWork.delete(name)));
  }

  #carryOut(task: Task): Promise<void> {
    const surroundings = this.#surroundings;
    switch (task.kind) {
      case 'diagnosis':
        return this.#diagnoses.add(async () => {
          // One that still waits its turn is durable: the next start takes it up.
          if (!this.#stop.signal.aborted) await diagnoseIncident(surroundings, task.incident, task.askedBy);
        });
      case 'execution':
        return this.#execute(task.planId);
      case 'verification':
        return verifyRecovery(surroundings, task.incident.id, task.host, this.#stop.signal);
    }
  }

  /** Once a plan is over, one that waits for its host begins at once. */
  async #execute(planId: PlanId): Promise<void> {
    if (await executePlan(this.#surroundings, planId, this.#stop.signal)) this.#unfinished.ring();
  }

  /** At the start, and then again and again: work that a broken store stopped half-way is not stuck until a restart. */
  async #takeUpUnfinishedUntil(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#surroundings;
    while (!stop.aborted) {
      try {
        for (const task of await findUnfinished(this.#surroundings)) this.#takeUp(task);
      } catch (error) {
        log.error({ err: error }, 'the record could not be searched for unfinished work');
      }
      await this.#unfinished.wait(clock, TAKE_UP_EVERY_MS, stop);
    }
  }

  /** Taking up what is under way after all would do no harm (each step is compare-and-set), but is work for nothing. */
  #takeUp(task: Task): void {
    if (this.#atWork.has(nameOf(task))) return;
    this.#surroundings.log.info({ what: nameOf(task) }, 'taking up unfinished work');
    this.#begin(task);
  }
}

function nameOf(task: Task): string {
  return task.kind === 'execution'
    ? `execution of plan ${task.planId}`
    : `${task.kind} of incident ${task.incident.id}`;
}
