import type { ApplyOutcome, DirectoryState, StepRecord } from '../../model/plan/execution.ts';
import type { Plan, PlanDraft, PlanStep, Precondition } from '../../model/plan/plan.ts';

/**
 * What the host says about itself now. After a restart its inodes might have other numbers, and then an undo is out of
 * date.
 */
export type HostNow = { readonly hostname: string; readonly bootId: string; readonly uptimeSeconds: number };

export type UndoPlan =
  | { readonly kind: 'draft'; readonly draft: PlanDraft }
  | { readonly kind: 'impossible'; readonly why: 'not-applied' | 'states-unknown' | 'opens-to-everybody' };

const WRITE_OF_OTHERS = 0o002;

/**
 * The plan that undoes another one: its steps in reverse order and direction, each for the directory or file as that
 * plan left it. It has the same risk. The host compares it with its own record of that plan, and accepts only the exact
 * reverse.
 */
export function undoPlan(plan: Plan, outcome: ApplyOutcome, now: HostNow): UndoPlan {
  if (outcome.kind !== 'applied' || plan.undoes !== undefined) return { kind: 'impossible', why: 'not-applied' };
  if (plan.steps.some(opensToEverybody)) return { kind: 'impossible', why: 'opens-to-everybody' };
  const steps = plan.steps.map((step, index) => reversed(step, outcome.steps[index]));
  const known = steps.filter((step) => step !== null);
  if (known.length < steps.length) return { kind: 'impossible', why: 'states-unknown' };
  const { host, risk, identity, storageRoot, also, enteredBy, process } = plan;
  const draft: PlanDraft = {
    ...{ host, risk, identity, storageRoot, ...now },
    ...(also === undefined ? {} : { also }),
    steps: known.toReversed(),
    ...(enteredBy === undefined ? {} : { enteredBy }),
    ...(process === undefined ? {} : { process }),
    clearsEveryBlocker: false,
  };
  return { kind: 'draft', draft };
}

/**
 * Whether undoing the step would make something writable by everyone. The host refuses that, no matter who approves it.
 */
function opensToEverybody(step: PlanStep): boolean {
  return step.action === 'chmod' && (Number.parseInt(step.from, 8) & WRITE_OF_OTHERS) !== 0;
}

function reversed(step: PlanStep, record: StepRecord | undefined): PlanStep | null {
  if (record?.path !== step.path || !record.is) return null;
  const precondition = preconditionFrom(step, record.is);
  if (precondition === null) return null;
  switch (step.action) {
    case 'chmod':
      return { ...step, from: step.to, to: step.from, precondition };
    case 'chown':
      return { ...step, from: step.to, to: step.from, precondition };
    case 'setfacl':
      return { ...step, from: step.to, to: step.from, modify: step.from, precondition };
  }
}

/** The state that the plan left, as the undo's precondition. It includes an ACL if the plan's own precondition did. */
function preconditionFrom({ precondition }: PlanStep, is: DirectoryState): Precondition | null {
  const { device, inode, acl } = precondition;
  const { mode, uid, gid } = is;
  if (acl === undefined) return { device, inode, mode, uid, gid };
  return is.acl === null ? null : { device, inode, mode, uid, gid, acl: is.acl };
}
