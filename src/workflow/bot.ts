import PQueue from 'p-queue';
import type { Actor } from '../model/actor.ts';
import type { PlanId } from '../model/ids.ts';
import type { Incident } from '../model/incident.ts';
import { type Asked, askAgain, askForDiagnosis } from './ask-for-diagnosis.ts';
import { decidePlan } from './decide-plan.ts';
import { deliverMessagesUntil } from './deliver-messages.ts';
import { executePlan } from './execute-plan.ts';
import { expirePlansUntil } from './expire-plans.ts';
import { diagnoseIncident } from './incident-diagnosis.ts';
import type { Messenger, Outbox } from './ports.ts';
import { findUnfinished, type Unfinished } from './recover.ts';
import type { DecisionOutcome, RequestOutcome, Requests } from './requests.ts';
import type { Surroundings } from './surroundings.ts';
import { verifyRecovery } from './verify-recovery.ts';
import type { Wake } from './wake.ts';
import { watchHostUntil } from './watch-host.ts';
import { WorkInFlight } from './work-in-flight.ts';

/** Diagnoses at once, over all hosts; more wait, and their message says so. */
const DIAGNOSES_AT_ONCE = 32;

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

  constructor(surroundings: Surroundings, post: { outbox: Outbox; messenger: Messenger; wake: Wake }) {
    this.#surroundings = surroundings;
    this.#post = post;
    this.#work = new WorkInFlight(surroundings.log);
    this.#delivery = new WorkInFlight(surroundings.log);
  }

  /** Starts the loops, and goes on with what the record says is unfinished. */
  async start(): Promise<void> {
    const { clock, log, settings } = this.#surroundings;
    this.#delivery.start('delivering messages', () =>
      deliverMessagesUntil(this.#stopDelivery.signal, { ...this.#post, clock, log }),
    );
    for (const unfinished of await findUnfinished(this.#surroundings)) this.#takeUp(unfinished);
    this.#work.start('expiring plans', () => expirePlansUntil(this.#stop.signal, this.#surroundings));
    for (const host of settings.hosts.values()) {
      if (host.watch === null) continue;
      const watching = { host, intervalMs: host.watch.intervalSeconds * 1000 };
      this.#work.start(`watching ${host.name}`, () =>
        watchHostUntil(this.#stop.signal, this.#surroundings, watching, (incident) =>
          this.#diagnose(incident, incident.openedBy),
        ),
      );
    }
  }

  /** Ends the loops, lets work under way finish, and then delivers what it had to say. False: it took too long. */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stop.abort();
    const isWorkDone = await this.#work.drain(timeoutMs);
    this.#stopDelivery.abort();
    return (await this.#delivery.drain(timeoutMs)) && isWorkDone;
  }

  async requestDiagnosis(request: Parameters<Requests['requestDiagnosis']>[0]): Promise<RequestOutcome> {
    return this.#answer(await askForDiagnosis(this.#surroundings, request));
  }

  async diagnoseAgain(request: Parameters<Requests['diagnoseAgain']>[0]): Promise<RequestOutcome> {
    return this.#answer(await askAgain(this.#surroundings, request));
  }

  async decide(request: Parameters<Requests['decide']>[0]): Promise<DecisionOutcome> {
    const { outcome, approved } = await decidePlan(this.#surroundings, request);
    if (approved) this.#execute(approved.id);
    return outcome;
  }

  #answer(asked: Asked): RequestOutcome {
    if (asked.kind === 'answer') return asked;
    if (asked.kind === 'diagnose') this.#diagnose(asked.incident, asked.askedBy);
    return { kind: 'opened', incident: asked.incident };
  }

  #diagnose(incident: Incident, askedBy: Actor): void {
    this.#work.start(`diagnosing for incident ${incident.id}`, () =>
      this.#diagnoses.add(() => diagnoseIncident(this.#surroundings, incident, askedBy)),
    );
  }

  #execute(planId: PlanId): void {
    this.#work.start(`executing plan ${planId}`, () => executePlan(this.#surroundings, planId, this.#stop.signal));
  }

  #takeUp(unfinished: Unfinished): void {
    const surroundings = this.#surroundings;
    surroundings.log.info({ unfinished: unfinished.kind }, 'taking up what an earlier run left unfinished');
    if (unfinished.kind === 'diagnosis') this.#diagnose(unfinished.incident, unfinished.askedBy);
    if (unfinished.kind === 'execution') this.#execute(unfinished.planId);
    if (unfinished.kind !== 'verification') return;
    this.#work.start('verifying', () =>
      verifyRecovery(surroundings, unfinished.incident.id, unfinished.host, this.#stop.signal),
    );
  }
}
