import type { PermissionClass } from '../../model/access.ts';
import type { Plan, PlanState, PlanStep } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { bold, code, type Phrase, say, separated } from '../phrase.ts';
import { actorName } from './people.ts';
import { shortHash } from './record.ts';
import { count, dateAndTime, timeOfDay } from './time.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/** Which plan this is, how risky, and until when it may be approved. */
export function planTitle({ plan, state }: PlanMessage): Phrase {
  const life = state === 'proposed' ? say` · good until ${timeOfDay(plan.expiresAt)}` : [];
  return say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))} · ${RISKS[plan.risk]}${life}`;
}

const RISKS: Record<Plan['risk'], string> = { low: 'low risk', high: 'high risk: read every line' };

/** What the plan proposes in one sentence, for notifications and screen readers. */
export function planSentence({ plan, state }: PlanMessage): Phrase {
  const steps = count(plan.steps.length, 'directory', 'directories');
  return say`Plan ${plan.id} for ${plan.host} changes ${steps}. ${STATES[state]}.`;
}

/** What a step's directory was before, after its command. */
export function stepBefore(step: PlanStep): string {
  return `# was ${step.from}`;
}

/** What will be so after the plan, who gains by it, and why it is not more. */
export function planConsequences(plan: Plan): readonly Phrase[] {
  return [
    say`After it: ${separated(gainsOf(plan), '; ')}.`,
    say`${plan.clearsEveryBlocker ? CLEARS : DOES_NOT_CLEAR} ${WHY_NOT_MORE}`,
  ];
}

const CLEARS = 'Predicted: nothing else blocks the registry then.';
const DOES_NOT_CLEAR = 'Predicted: something else still blocks the registry then.';
const WHY_NOT_MORE =
  'Not more than that: only what is missing, only on what blocks, nothing recursive. The directories are compared with what I saw before anything is changed.';

type Gain = {
  readonly who: Phrase;
  readonly verb: string;
  /** After the word for the directories. */
  readonly limit: string;
};

/** Who gains what, the same gains together. */
function gainsOf(plan: Plan): readonly Phrase[] {
  const groups = Map.groupBy(
    plan.steps.map((step) => gainOf(step, plan)),
    (gain) => JSON.stringify(gain),
  );
  return [...groups.values()].flatMap((gains) => {
    const where = gains.length === 1 ? 'this directory' : `these ${gains.length} directories`;
    return gains.slice(0, 1).map(({ who, verb, limit }) => say`${who} ${verb} ${where}${limit}`);
  });
}

function gainOf(step: PlanStep, plan: Plan): Gain {
  if (step.action === 'chown') return { who: [code(step.gainingPrincipal)], verb: 'owns', limit: '' };
  const who = principal(step.gains, step.gainingPrincipal, plan);
  return { who, ...abilityOf(step.gains, step.from, step.to) };
}

function principal(gains: PermissionClass, name: string, plan: Plan): Phrase {
  switch (gains) {
    case 'other':
      return say`every account on ${plan.host}`;
    case 'group':
    case 'named-group':
      return say`every member of the group ${code(name)}`;
    case 'owner':
    case 'named-user':
      return [code(name)];
  }
}

const SHIFTS: Record<PermissionClass, number> = { owner: 6, 'named-user': 3, group: 3, 'named-group': 3, other: 0 };
const SEARCH = 1;
const WRITE = 2;
const READ = 4;

/** What the bits that are new mean for a directory (path_resolution(7), inode(7)). */
function abilityOf(gains: PermissionClass, from: string, to: string): Pick<Gain, 'verb' | 'limit'> {
  const bitsOf = (mode: string) => (Number.parseInt(mode, 8) >> SHIFTS[gains]) & 7;
  const after = bitsOf(to);
  const gained = after & ~bitsOf(from);
  const abilities = [
    ...(gained & SEARCH ? ['pass through'] : []),
    ...(gained & READ ? ['list'] : []),
    ...(gained & WRITE ? ['create and delete entries in'] : []),
  ];
  const verb = `can ${new Intl.ListFormat('en-GB').format(abilities)}`;
  return { verb, limit: after === SEARCH ? ', but not list or change what is in there' : '' };
}

/** What became of the plan, on its card. */
export function planRecord({ plan, state, decision }: PlanMessage): Phrase {
  if (decision === null) return say`${bold(STATES[state])}.`;
  const verdict = decision.verdict === 'approved' ? 'Approved' : 'Rejected';
  const reason = decision.reason === null ? [] : say`: ${decision.reason}`;
  const by = say`${bold(verdict)} by ${actorName(decision.by)}, ${dateAndTime(decision.at)}, plan ${code(shortHash(plan.hash))}${reason}`;
  return AFTER_DECISION[state] === undefined ? by : say`${by}. ${AFTER_DECISION[state]}.`;
}

const STATES: Record<PlanState, string> = {
  proposed: 'It waits for an approver',
  approved: 'Approved, about to run',
  executing: 'Running',
  applied: 'Done',
  undone: 'Undone: every directory is as it was before',
  failed: 'Failed: see below',
  stale: 'Stale: the host had changed, so nothing was touched',
  rejected: 'Rejected',
  expired: 'Expired: its time was up before it ran. Nothing was changed',
  superseded: 'Replaced: the host was looked at again since. Nothing was changed',
};

/** What came after a decision; the decision itself says the rest. */
const AFTER_DECISION: Partial<Record<PlanState, string>> = {
  approved: 'About to run',
  executing: 'Running',
  applied: STATES.applied,
  undone: STATES.undone,
  failed: STATES.failed,
  stale: STATES.stale,
  expired: STATES.expired,
};

/** What stands on the buttons, and in the dialog that asks before anything runs. */
export const PLAN_BUTTONS = { approve: 'Approve & run', reject: 'Reject' } as const;

export function confirmation(plan: Plan): { title: string; text: readonly Phrase[]; confirm: string; deny: string } {
  const directories = plan.steps.length === 1 ? '1 directory changes' : `${plan.steps.length} directories change`;
  return {
    title: `Run plan ${plan.id} on ${plan.host}?`,
    text: [say`${directories} on ${plan.host}.`, ...gainsOf(plan).map((gain) => say`${gain}.`), say`It runs at once.`],
    confirm: 'Approve & run',
    deny: 'Not now',
  };
}

/** Nobody should approve what they cannot see. */
export function planTooLong(hidden: number): Phrase {
  return say`This plan is too long to be shown whole: ${count(hidden, 'step')} of it did not fit. Nobody should approve what they cannot see, so it cannot be approved here. ${code('registry-doctor audit export')} shows all of it.`;
}
