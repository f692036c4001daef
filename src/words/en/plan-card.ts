import type { Plan, PlanDraft, PlanState, PlanStep } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { actorName } from './people.ts';
import { alternativePhrase, planPrediction, stepGain, whyNotMore } from './plan.ts';
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
  return say`Plan ${plan.id} for ${plan.host} changes ${steps}. ${planState(state)}`;
}

/** What a step's directory was before, after its command. */
export function stepBefore(step: PlanStep): string {
  return `# was ${step.from}`;
}

/** Who gains what by the plan, whether it is enough, and why it is not more. */
export function planConsequences(plan: PlanDraft): readonly Phrase[] {
  const gains = gainsOf(plan).map(({ gain, steps }) => say`${whereOf(steps, plan)}${gain}`);
  return [
    ...whereCarriedOut(plan),
    say`${bold('Who gains what:')} ${separated(gains, '; ')}.`,
    say`${planPrediction(plan)} ${whyNotMore(plan)}`,
    ...(plan.alternatives ?? []).map(alternativePhrase),
  ];
}

/** Where it is carried out and tried, unless both is plainly on the host. */
function whereCarriedOut({ enteredBy, process, host }: PlanDraft): readonly Phrase[] {
  if (enteredBy)
    return [
      say`${bold('Inside:')} carried out through ${code(visibleText(enteredBy.join(' ')))}, with the paths that hold there.`,
    ];
  if (!process) return [];
  return [
    say`${bold('On the host:')} changed by its paths on ${host}, and then tried where the registry's process (pid ${process.pid}) stands. Once that process has ended, this plan is refused.`,
  ];
}

type Gain = { readonly gain: Phrase; readonly steps: readonly PlanStep[] };

/** The gains of all steps, the same ones together. */
function gainsOf(plan: PlanDraft): readonly Gain[] {
  const same = Map.groupBy(plan.steps, (step) => plainText(stepGain(step, plan.host)));
  return [...same.values()].flatMap((steps) =>
    steps.slice(0, 1).map((step) => ({ gain: stepGain(step, plan.host), steps })),
  );
}

const MAX_PATH = 120;

function whereOf(steps: readonly PlanStep[], plan: PlanDraft): Phrase {
  const [first] = steps;
  if (plan.steps.length === 1 || first === undefined) return [];
  if (steps.length === plan.steps.length) return say`for each of the ${steps.length} directories, `;
  if (steps.length > 1 || first.path.length > MAX_PATH) return say`for ${steps.length} of the directories, `;
  return say`for ${code(visiblePath(first.path))}, `;
}

/** What became of the plan, on its card. */
export function planRecord({ state, decision }: PlanMessage): Phrase {
  if (decision === null) return planState(state);
  const verdict = decision.verdict === 'approved' ? 'Approved' : 'Rejected';
  const reason = decision.reason === null ? [] : say`: ${decision.reason}`;
  const by = say`${bold(verdict)} by ${actorName(decision.by)}, ${dateAndTime(decision.at)}${reason}.`;
  return state === 'rejected' ? by : say`${by} ${planState(state)}`;
}

function planState(state: PlanState): Phrase {
  const { label, more } = STATES[state];
  return say`${bold(label)}${more}.`;
}

const STATES: Record<PlanState, { readonly label: string; readonly more: string }> = {
  proposed: { label: 'Waiting', more: ' for an approver' },
  approved: { label: 'About to run', more: '' },
  executing: { label: 'Running', more: '' },
  applied: { label: 'Done', more: '' },
  undone: { label: 'Undone', more: ': every directory is as it was before' },
  failed: { label: 'Failed', more: ': see below' },
  stale: { label: 'Stale', more: ': the host had changed, so nothing was touched' },
  rejected: { label: 'Rejected', more: '' },
  expired: { label: 'Expired', more: ': its time was up before it ran. Nothing was changed' },
  superseded: { label: 'Set aside', more: ': the host was looked at again since. Nothing was changed' },
};

/** What stands on the buttons, and in the dialog that asks before anything runs. */
export const PLAN_BUTTONS = { approve: 'Approve & run', reject: 'Reject' } as const;

/** `max`: how many characters Slack takes. What does not fit is on the card behind the dialog. */
export function confirmation(plan: Plan, max: number): Confirmation {
  const change = `${count(plan.steps.length, 'directory', 'directories')} on ${plan.host} ${plan.steps.length === 1 ? 'changes' : 'change'}.`;
  const gains = gainsOf(plan).map(({ gain }) => plainText(gain));
  const full = `${change} By it ${gains.join('; ')}.`;
  return {
    title: `Run plan ${plan.id} on ${plan.host}?`,
    text: full.length <= max ? full : `${change} The card says who gains what.`,
    confirm: 'Approve & run',
    deny: 'Not now',
  };
}

type Confirmation = {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
};

/** Nobody should approve what they cannot see. */
export function planTooLong(hidden: number): Phrase {
  return say`This plan is too long to be shown whole: ${count(hidden, 'step')} of it did not fit. Nobody should approve what they cannot see, so it cannot be approved here. ${code('registry-doctor audit export')} shows all of it.`;
}
