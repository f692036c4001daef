import type { Plan, PlanState, PlanStep } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { actorName } from './people.ts';
import { planPrediction, stepGain, WHY_NOT_MORE } from './plan.ts';
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

/** Who gains what by the plan, whether it is enough, and why it is not more. */
export function planConsequences(plan: Plan): readonly Phrase[] {
  return [
    say`${bold('Who gains what:')} ${separated(gainsOf(plan), '; ')}.`,
    say`${planPrediction(plan)} ${WHY_NOT_MORE}`,
  ];
}

/** The gains of all steps, the same ones together. */
function gainsOf(plan: Plan): readonly Phrase[] {
  const gains = Map.groupBy(
    plan.steps.map((step) => stepGain(step, plan.host)),
    (gain) => plainText(gain),
  );
  return [...gains.values()].flatMap((same) =>
    same.slice(0, 1).map((gain) => say`${whereOf(same.length, plan)}${gain}`),
  );
}

function whereOf(amount: number, { steps }: Plan): string {
  if (steps.length === 1) return '';
  return amount === steps.length ? `for each of the ${amount} directories, ` : `for ${amount} of the directories, `;
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
