import PQueue from 'p-queue';
import type { HostName, PlanId } from '../model/record/ids.ts';
import type { WorkflowContext } from './context.ts';
import { Wake } from './delivery/wake.ts';
import { executePlan } from './execution/execute-plan.ts';
import { verifyRecovery } from './execution/verify-recovery.ts';
import { turnAt } from './host-turns.ts';
import { diagnoseIncident } from './incident/diagnose-incident.ts';
import type { Jobs, Within } from './jobs/jobs.ts';
import { findUnfinished, type Task } from './unfinished-tasks.ts';

/** The maximum number of simultaneous diagnoses over all hosts. Others wait, and their message says so. */
const DIAGNOSES_AT_ONCE = 32;

type Needs = {
  readonly jobs: Jobs;
  readonly within: Within;
  /** How often the record is searched for tasks that no one here has begun. */
  readonly searchEveryMs: number;
  /** Called with the hosts of the tasks that a search found. */
  readonly found: (hosts: readonly HostName[]) => void;
};

/**
 * The bot's tasks. Everything that a task needs is on record before it starts, and each of its steps is compare-and-set: a crash loses
 * nothing, and a task that runs twice changes nothing twice.
 */
export class Tasks {
  readonly #context: WorkflowContext;
  readonly #needs: Needs;
  readonly #diagnoses = new PQueue({ concurrency: DIAGNOSES_AT_ONCE });
  readonly #atWork = new Set<string>();
  readonly #search = new Wake();

  constructor(context: WorkflowContext, needs: Needs) {
    this.#context = context;
    this.#needs = needs;
  }

  /** Without the turn at its host, the task is left to the bot that has it, which finds it on record. */
  begin(task: Task): void {
    const name = nameOf(task);
    const carryOut = async (stop: AbortSignal) => {
      this.#atWork.add(name);
      await this.#carryOut(task, stop).finally(() => this.#atWork.delete(name));
    };
    this.#needs.jobs.begin(turnAt(hostOf(task)), name, carryOut, this.#needs.within);
  }

  /** Searches the record now. */
  searchNow(): void {
    this.#search.ring();
  }

  /** Resumes what the record says is unfinished: at start and then periodically, so that it needs no restart after the record failed. */
  async resumeUntil(stop: AbortSignal): Promise<void> {
    const { clock, log } = this.#context;
    while (!stop.aborted) {
      try {
        const tasks = await findUnfinished(this.#context);
        this.#needs.found(tasks.map(hostOf));
        for (const task of tasks) this.#resume(task);
      } catch (error) {
        log.error({ err: error }, 'the record could not be searched for unfinished work');
      }
      await this.#search.wait(clock, this.#needs.searchEveryMs, stop);
    }
  }

  /** Resumes a task unless it already runs. A second run would be harmless but wasteful. */
  #resume(task: Task): void {
    if (!this.#needs.jobs.has(turnAt(hostOf(task)))) return;
    if (namesOf(task).some((name) => this.#atWork.has(name))) return;
    this.#context.log.info({ what: nameOf(task) }, 'resuming unfinished work');
    this.begin(task);
  }

  #carryOut(task: Task, stop: AbortSignal): Promise<void> {
    const context = this.#context;
    switch (task.kind) {
      case 'diagnosis':
        return this.#diagnoses.add(async () => {
          // A task that still waits its turn is on record, and the next start resumes it.
          if (!stop.aborted) await diagnoseIncident(context, task.incident, task.askedBy);
        });
      case 'execution':
        return this.#execute(task.planId, stop);
      case 'verification':
        return verifyRecovery(context, task.incident.id, task.settings, stop);
    }
  }

  /** Runs a plan. Once the plan is over, starts the next one for its host. */
  async #execute(planId: PlanId, stop: AbortSignal): Promise<void> {
    if (await executePlan(this.#context, planId, stop)) this.searchNow();
  }
}

function hostOf(task: Task): HostName {
  return task.kind === 'execution' ? task.host : task.incident.host;
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
