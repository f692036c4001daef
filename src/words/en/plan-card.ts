import type { Review } from '../../model/decision.ts';
import type { Plan, PlanDraft, PlanState, PlanStep } from '../../model/plan.ts';
import type { ThreadMessage } from '../../model/thread-message.ts';
import { bold, code, joined, type Phrase, plainText, say, separated } from '../phrase.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { actorName } from './people.ts';
import { alternativePhrase, planPrediction, stepGain, whyNotMore } from './plan.ts';
import { isFileStep, isOnePlace, kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { shortHash } from './record.ts';
import { count, dateAndTime, timeOfDay } from './time.ts';
import { gainsAgain } from './undo-gains.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/** Which plan this is, how risky, and until when it may be approved. */
export function planTitle({ plan, state }: PlanMessage): Phrase {
  const life = state === 'proposed' ? say` · good until ${timeOfDay(plan.expiresAt)}` : [];
  const name = plan.undoes ? `Plan ${plan.id} (undo of ${plan.undoes.id})` : `Plan ${plan.id}`;
  return say`${bold(name)} for ${plan.host} · hash ${code(shortHash(plan.hash))} · ${RISKS[plan.risk]}${life}`;
}

const RISKS: Record<Plan['risk'], string> = { low: 'low risk', high: 'high risk: read every line' };

/** The same where there is no card. */
export function planTitleOf(plan: Plan): Phrase {
  return say`${bold(`Plan ${plan.id}`)} for ${plan.host} · hash ${code(shortHash(plan.hash))} · ${RISKS[plan.risk]}`;
}

/** What the plan proposes in one sentence, for notifications and screen readers. */
export function planSentence(message: PlanMessage): Phrase {
  const { plan } = message;
  return say`Plan ${plan.id} for ${plan.host} changes ${placesOf(plan.steps)}. ${approvalsSoFar(message) ?? planState(message)}`;
}

/** While it is open: how many have approved it, and how many more have to. Null where one approval is enough. */
export function approvalsSoFar({ state, review }: PlanMessage): Phrase | null {
  if (state !== 'proposed' || review.needed === 1) return null;
  const { needed, approvals } = review;
  if (approvals.length === 0) return say`${bold(`${needed} different people`)} have to approve this plan.`;
  const missing = needed - approvals.length;
  const more = missing === 1 ? 'one more is' : `${missing} more are`;
  return say`${bold(`${approvals.length} of ${needed} approvals`)}: ${approversOf(review)}; ${more} needed.`;
}

function approversOf({ approvals }: Review): Phrase {
  return joined(
    approvals.map(({ by }) => actorName(by)),
    'and',
  );
}

/** What a step's directory or file was before, after its command. */
export function stepBefore(step: PlanStep): string {
  return `# was ${step.from}`;
}

/** Who gains what by the plan, whether it is enough, and why it is not more. */
export function planConsequences(plan: PlanDraft & Pick<Plan, 'undoes'>): readonly Phrase[] {
  if (plan.undoes) return [...whereCarriedOut(plan), ...takesBack(plan, plan.undoes.id)];
  const gains = gainsOf(plan).map(({ gain, steps }) => say`${whereOf(steps, plan)}${gain}`);
  return [
    ...whereCarriedOut(plan),
    say`${bold('Who gains what:')} ${separated(gains, '; ')}.`,
    say`${planPrediction(plan)} ${whyNotMore(plan)}`,
    ...(plan.alternatives ?? []).map(alternativePhrase),
  ];
}

/** What a plan that takes another one back comes to. */
function takesBack(plan: PlanDraft, undone: Plan['id']): readonly Phrase[] {
  const { steps, identity } = plan;
  const user = code(visibleText(identity.user));
  const beside = usedBeside(plan);
  const loss =
    beside === null
      ? say`${user} may not reach its storage any more, as before`
      : say`${user} can't use ${beside} any more, as before`;
  const lists = steps.some((step) => step.action !== 'setfacl' && step.tree)
    ? ' Of a tree, only the entries that were listed on the host then.'
    : '';
  return [
    say`${bold(`Takes plan ${undone} back:`)} each ${kindsOf(steps)} gets exactly what it had before that plan, last one first. ${gainsAgain(steps)}; ${loss}.`,
    say`Not more than that: each ${kindsOf(steps)} is compared first, and where one is not as plan ${undone} left it, nothing is changed.${lists}`,
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
  // What is gained by a file names it.
  if (plan.steps.length === 1 || first === undefined || isFileStep(first)) return [];
  if (steps.length === plan.steps.length) return say`for each of the ${steps.length} directories, `;
  if (steps.length > 1 || first.path.length > MAX_PATH) return say`for ${steps.length} of the directories, `;
  return say`for ${code(visiblePath(first.path))}, `;
}

/** What became of the plan, on its card. */
export function planRecord(message: PlanMessage): Phrase {
  const { decision, review } = message;
  if (decision === null) return say`${planState(message)}${approvedByThen(review)}`;
  const reason = decision.reason === null ? [] : say`: ${decision.reason}`;
  if (decision.verdict === 'rejected') {
    const who = actorName(decision.by);
    return say`${bold('Rejected')} by ${who}, ${dateAndTime(decision.at)}${reason}.${approvedByThen(review)}`;
  }
  return say`${bold('Approved')} by ${approversOf(review)}, ${dateAndTime(decision.at)}${reason}. ${planState(message)}`;
}

/** Who had approved a plan that was never approved by enough. */
function approvedByThen(review: Review): Phrase {
  if (review.approvals.length === 0) return [];
  return say` ${review.approvals.length} of ${review.needed} approvals had been given: ${approversOf(review)}.`;
}

function planState({
  plan,
  state,
  waitsFor,
  because,
}: Pick<PlanMessage, 'plan' | 'state' | 'waitsFor' | 'because'>): Phrase {
  if (waitsFor !== undefined) {
    return say`${bold('Waits')} for plan ${waitsFor}, which runs on ${plan.host} just now; then it begins by itself.`;
  }
  const { label, more } = STATES[state];
  if (because !== undefined) return say`${bold(label)}: ${because}. Nothing was changed.`;
  if (state === 'undone') return say`${bold(label)}: every ${kindsOf(plan.steps)} is as it was before.`;
  return say`${bold(label)}${more}.`;
}

const STATES: Record<PlanState, { readonly label: string; readonly more: string }> = {
  proposed: { label: 'Waiting', more: ' for an approver' },
  approved: { label: 'About to run', more: '' },
  executing: { label: 'Running', more: '' },
  applied: { label: 'Done', more: '' },
  undone: { label: 'Undone', more: '' },
  failed: { label: 'Failed', more: ': see below' },
  stale: { label: 'Stale', more: ': the host had changed, so nothing was touched' },
  rejected: { label: 'Rejected', more: '' },
  expired: { label: 'Expired', more: ': its time was up before it ran. Nothing was changed' },
  superseded: { label: 'Set aside', more: ': something newer is known of its host. Nothing was changed' },
};

/** What stands on the buttons, and in the dialog that asks before anything runs. */
export const PLAN_BUTTONS = { approve: 'Approve & run', reject: 'Reject' } as const;

/** `max`: how many characters Slack takes. What does not fit is on the card behind the dialog. */
export function confirmation(plan: Plan, max: number): Confirmation {
  if (plan.undoes) return undoConfirmation(plan, plan.undoes.id, max);
  const change = `${placesOf(plan.steps)} on ${plan.host} ${isOnePlace(plan.steps) ? 'changes' : 'change'}.`;
  const gains = gainsOf(plan).map(({ gain }) => plainText(gain));
  const full = `${change} By it ${gains.join('; ')}.`;
  return {
    title: `Run plan ${plan.id} on ${plan.host}?`,
    text: full.length <= max ? full : `${change} The card says who gains what.`,
    confirm: 'Approve & run',
    deny: 'Not now',
  };
}

function undoConfirmation({ id, host, steps, also }: Plan, undone: Plan['id'], max: number): Confirmation {
  const then = also ? 'The registry can fail again then.' : 'The registry may not reach its storage any more then.';
  const change = `${placesOf(steps)} ${isOnePlace(steps) ? 'gets' : 'get'} what was before plan ${undone}. ${then} This is plan ${id}.`;
  const full = `${change} ${gainsAgain(steps)}.`;
  return {
    title: `Take plan ${undone} back on ${host}?`,
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
