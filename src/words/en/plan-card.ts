import type { PlanOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { Review } from '../../model/plan/decision.ts';
import type { Plan, PlanDraft, PlanState, PlanStep } from '../../model/plan/plan.ts';
import type { UserId } from '../../model/record/ids.ts';
import type { ThreadMessage } from '../../model/record/messages/thread-message.ts';
import { timeOfDay } from '../moment.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { isFileStep, onlyPassThrough } from '../step-rights.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { lastingFix } from './durability.ts';
import { endReason } from './end-reason.ts';
import { allOfWords } from './lists.ts';
import { actorName, actorNames, peopleList } from './people.ts';
import { stepGain } from './plan.ts';
import { kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { entryMark } from './record.ts';
import { count } from './time.ts';
import { gainsAgain } from './undo-gains.ts';

type PlanMessage = Extract<ThreadMessage, { kind: 'plan' }>;

/** Which plan this is, what it risks, and until when it can be approved. */
export function planTitle({ plan, state }: PlanMessage): Phrase {
  const life = state === 'proposed' ? say` · expires ${timeOfDay(plan.expiresAt)}` : [];
  return say`${nameAndRisk(plan)}${life}`;
}

/** The same where there is no card. */
export function planTitleOf(plan: Plan): Phrase {
  return say`${nameAndRisk(plan)} · hash ${code(shortHash(plan.hash))}`;
}

/** Who gains access and what stops working are two things: an undo of low access risk breaks the registry. */
function nameAndRisk(plan: Plan): Phrase {
  if (plan.undoes === undefined) return say`${bold(`Plan ${plan.id} for ${plan.host}`)} · ${RISKS[plan.risk]}`;
  const name = bold(`Plan ${plan.id}: undo plan ${plan.undoes.id}`);
  return say`${name} · ${bold(IMPACT_OF_UNDO[impactOf(plan)])} · ${RISKS[plan.risk]}`;
}

const RISKS: Record<Plan['risk'], string> = {
  low: 'low access risk',
  high: 'high access risk: review every line',
};

/**
 * Returns the impact of a plan's path: without its storage the registry is broken, and without another file or
 * directory it may be.
 */
function impactOf({ also }: PlanDraft): 'breaks' | 'can-break' {
  return also === undefined ? 'breaks' : 'can-break';
}

const IMPACT_OF_UNDO = { breaks: 'breaks the registry again', 'can-break': 'can break the registry again' } as const;

/** What the plan proposes in one sentence, for notifications and screen readers. */
export function planSentence(message: PlanMessage): Phrase {
  const { plan } = message;
  return say`Plan ${plan.id} for ${plan.host} changes ${placesOf(plan.steps)}. ${standOf(message)}`;
}

function standOf(message: PlanMessage): Phrase {
  if (message.decision !== null) return planRecord(message);
  const parts = [approvalsSoFar(message), planCallsOn(message)].filter((part) => part !== null);
  return parts.length === 0 ? planState(message) : separated(parts, ' ');
}

/** While it waits: who can decide and has not approved it yet. Null if the config names no one, or it waits no more. */
export function planCallsOn({ state, approvers, review }: PlanMessage): Phrase | null {
  if (state !== 'proposed' || approvers === undefined) return null;
  const hasApproved = (user: UserId) => review.approvals.some(({ by }) => by.kind === 'slack-user' && by.user === user);
  const users = approvers.users.filter((user) => !hasApproved(user));
  const people = peopleList(users, approvers.groups, 'or');
  return people === null ? null : say`${bold('Waiting')} for ${people}.`;
}

/** While it is open: how many have approved it, and how many more have to. Null if one approval is enough. */
export function approvalsSoFar({ state, review }: PlanMessage): Phrase | null {
  if (state !== 'proposed' || review.needed === 1) return null;
  const { needed, approvals } = review;
  if (approvals.length === 0) return say`Needs approval from ${bold(`${needed} people`)}.`;
  return say`${bold(`${approvals.length} of ${needed} approvals:`)} ${approversOf(review)}. ${needed - approvals.length} more needed.`;
}

function approversOf({ approvals }: Review): Phrase {
  return actorNames(approvals.map(({ by }) => by));
}

/** What a step's directory or file was before, after its command. */
export function stepBefore(step: PlanStep): string {
  return `# was ${step.from}`;
}

type PlanToTell = PlanDraft & Pick<Plan, 'undoes'>;

/** Who gains access by the plan. */
export function gainsSentence(plan: PlanDraft): Phrase {
  const { steps, host } = plan;
  if (!steps.every(onlyPassThrough)) return say`${bold('Who gains access:')} ${gainsInFull(plan)}.`;
  const [these, them] =
    steps.length === 1
      ? ['this directory', 'it']
      : [`these ${count(steps.length, 'directory', 'directories')}`, 'them'];
  return say`${bold('Who gains access:')} every account on ${host} can pass through ${these}. No one gains the right to list or change ${them}.`;
}

/** The gains directory by directory, if {@link gainsSentence} summed them up. */
export function exactGains(plan: PlanDraft): Phrase | null {
  return plan.steps.every(onlyPassThrough) ? say`${bold('Exactly:')} ${gainsInFull(plan)}.` : null;
}

function gainsInFull(plan: PlanDraft): Phrase {
  return separated(
    gainsOf(plan).map(({ gain, steps }) => say`${whereOf(steps, plan)}${gain}`),
    '; ',
  );
}

/** What is expected once the plan has run: of the path, of the registry, and of the next reboot. */
export function expectedSentence({ clearsEveryBlocker }: PlanDraft, outlook: PlanOutlook | undefined): Phrase {
  if (!clearsEveryBlocker) {
    return say`${bold('Expected:')} this removes the blocks listed. Something else still blocks the registry, or could not be checked.`;
  }
  const lasting = outlook?.durability == null ? null : lastingFix(outlook.durability);
  return separated(
    [
      say`${bold('Expected:')} nothing else blocks the registry.`,
      ...(outlook?.recoversAlone ? [say`It recovers on its own, no restart.`] : []),
      ...(lasting === null ? [] : [lasting]),
    ],
    ' ',
  );
}

/** What an undo brings back and what that breaks. */
export function undoSentence(plan: PlanToTell): Phrase {
  const user = code(visibleText(plan.identity.user));
  const beside = usedBeside(plan);
  const loss =
    beside === null
      ? say`${user} loses access to its storage, so expect 503.`
      : say`${user} can’t use ${beside} then, as before.`;
  return say`Restores the previous ${stateOf(plan.steps)}. ${loss} ${gainsAgain(plan.steps)}.`;
}

const STATES_OF = { chmod: 'modes', chown: 'owners', setfacl: 'ACLs' } as const;

function stateOf(steps: readonly PlanStep[]): string {
  const states = new Set(steps.map(({ action }) => STATES_OF[action]));
  return allOfWords(states);
}

/** How an undo makes sure that it undoes that plan and nothing else. */
export function undoLimits({ steps }: PlanDraft, undone: Plan['id']): Phrase {
  const lists = steps.some((step) => step.action !== 'setfacl' && step.tree)
    ? ' Only the entries that were listed on the host then are restored.'
    : '';
  return say`Each ${kindsOf(steps)} gets exactly what it had before plan ${undone}, last one first. Each is compared first: if one is not as plan ${undone} left it, nothing is changed.${lists}`;
}

/** Where the plan is carried out and tested, unless both is plainly on the host. */
export function placeSentence({ enteredBy, process, host }: PlanDraft): Phrase | null {
  if (enteredBy) {
    return say`${bold('Inside:')} carried out through ${code(visibleText(enteredBy.join(' ')))}, with the paths that are valid there.`;
  }
  if (!process) return null;
  return say`${bold('On the host:')} changed by its paths on ${host}, then tested as the registry’s process (pid ${process.pid}). If the registry restarts, this plan is no longer valid.`;
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
  // A gain on a file names it.
  if (plan.steps.length === 1 || first === undefined || isFileStep(first)) return [];
  if (steps.length === plan.steps.length) return say`for each of the ${steps.length} directories, `;
  if (steps.length > 1 || first.path.length > MAX_PATH) return say`for ${steps.length} of the directories, `;
  return say`for ${code(visiblePath(first.path))}, `;
}

/** Who decided on the plan and what became of it, on its card. */
export function planRecord(message: PlanMessage): Phrase {
  const { decision, review } = message;
  if (decision === null) return say`${planState(message)}${approvedByThen(review)}`;
  const reason = decision.reason === null ? [] : say`: ${decision.reason}`;
  if (decision.verdict === 'rejected') {
    const who = actorName(decision.by);
    return say`${bold('Rejected')} by ${who} at ${timeOfDay(decision.at)}${reason}.${approvedByThen(review)}`;
  }
  return say`${bold('Approved')} by ${approversOf(review)} at ${timeOfDay(decision.at)}${reason}. ${planState(message)}`;
}

/** Who had approved a plan that was never approved by enough people. */
function approvedByThen(review: Review): Phrase {
  if (review.approvals.length === 0) return [];
  return say` It had ${review.approvals.length} of ${review.needed} approvals: ${approversOf(review)}.`;
}

function planState({
  plan,
  state,
  waitsFor,
  because,
  withdrawn,
}: Pick<PlanMessage, 'plan' | 'state' | 'waitsFor' | 'because' | 'withdrawn'>): Phrase {
  if (waitsFor !== undefined) {
    return say`${bold('Queued')} behind plan ${waitsFor}, which is running on ${plan.host}. Starts automatically.`;
  }
  const { label, more } = STATES[state];
  if (withdrawn !== undefined) {
    const who = actorName(withdrawn.by);
    return say`${bold('Withdrawn')} by ${who} at ${timeOfDay(withdrawn.at)}. Nothing was changed.`;
  }
  if (because !== undefined) return say`${bold(`${label}:`)} ${endReason(because)}. Nothing was changed.`;
  if (state === 'executing') return say`Running on ${plan.host} …`;
  if (state === 'undone') return say`${bold('Rolled back:')} every ${kindsOf(plan.steps)} is as it was before.`;
  return say`${bold(label)}${more}`;
}

const STATES: Record<PlanState, { readonly label: string; readonly more: string }> = {
  proposed: { label: 'Waiting', more: ' for an approver.' },
  approved: { label: 'About to run', more: '.' },
  executing: { label: 'Running', more: '.' },
  applied: { label: 'Applied.', more: ' The outcome is below.' },
  undone: { label: 'Rolled back', more: '.' },
  failed: { label: 'Failed.', more: ' The outcome is below.' },
  stale: { label: 'Out of date:', more: ' the host changed after this plan was made. Nothing was changed.' },
  rejected: { label: 'Rejected', more: '.' },
  expired: { label: 'Expired', more: ' before it ran. Nothing was changed. Diagnose again for a new plan.' },
  superseded: { label: 'Replaced', more: ' by a newer diagnosis. Nothing was changed.' },
  withdrawn: { label: 'Withdrawn', more: ' by its requester. Nothing was changed.' },
};

/** What the button that approves says: whether the plan runs then, and what an undo does. */
export function approveLabel(plan: Plan, review: Review): string {
  if (!isLastApproval(review)) return `Approve (${nextApproval(review)})`;
  if (plan.undoes === undefined) return 'Approve and run';
  return impactOf(plan) === 'breaks' ? 'Undo and break the registry' : `Undo plan ${plan.undoes.id}`;
}

function isLastApproval({ approvals, needed }: Review): boolean {
  return approvals.length + 1 >= needed;
}

/** "1 of 2". */
function nextApproval({ approvals, needed }: Review): string {
  return `${approvals.length + 1} of ${needed}`;
}

export const REJECT = 'Reject';

export const WITHDRAW = 'Withdraw';

export const USE_NARROWER = 'Use narrower option';

/** The dialog that asks before anything runs. `max`: how many characters Slack takes; the rest is on the card behind it. */
export function confirmation(plan: Plan, review: Review, max: number): Confirmation {
  const label = approveLabel(plan, review);
  const isLast = isLastApproval(review);
  const counts = isLast ? [] : [`Your approval counts as ${nextApproval(review)}. Nothing runs yet.`];
  const { change, effect } = plan.undoes ? undoInShort(plan) : changeInShort(plan);
  const full = [...counts, change.full, effect].join(' ');
  return {
    title: titleOf(plan, isLast),
    text: full.length <= max ? full : [...counts, change.short, MORE_ON_CARD].join(' '),
    confirm: label,
    deny: 'Cancel',
  };
}

function titleOf({ id, host, undoes }: Plan, isLast: boolean): string {
  if (undoes) return `Undo plan ${undoes.id} on ${host}?`;
  return isLast ? `Run plan ${id} on ${host}?` : `Approve plan ${id} for ${host}?`;
}

const MORE_ON_CARD = 'The card shows every change and who gains access.';

type InShort = { readonly change: { readonly full: string; readonly short: string }; readonly effect: string };

function changeInShort(plan: Plan): InShort {
  const { steps, host } = plan;
  const changes = steps.map((step) => `${visiblePath(step.path)} to ${step.to}`).join(', ');
  const them = steps.length === 1 ? 'it' : 'them';
  const effect = steps.every(onlyPassThrough)
    ? `Every account on ${host} will be able to pass through ${them}.`
    : `Who gains access: ${plainText(gainsInFull(plan))}.`;
  return {
    change: { full: `Changes ${placesOf(steps)}: ${changes}.`, short: `Changes ${placesOf(steps)} on ${host}.` },
    effect,
  };
}

function undoInShort(plan: Plan): InShort {
  const loss =
    impactOf(plan) === 'breaks'
      ? 'The registry will lose access to its storage again.'
      : 'The registry can fail again after this.';
  const change = `${loss} Restores the previous ${stateOf(plan.steps)} of ${placesOf(plan.steps)}.`;
  return { change: { full: change, short: change }, effect: `${gainsAgain(plan.steps)}.` };
}

type Confirmation = {
  readonly title: string;
  readonly text: string;
  readonly confirm: string;
  readonly deny: string;
};

/** On the card of a plan whose commands or buttons Slack does not show. */
export function notApprovableHere(): Phrase {
  return say`Slack refuses part of this card, so the plan can’t be approved here. Run ${code('registry-doctor check')} to see what Slack refuses.`;
}

/** Says that a plan is too long to be approved here: no one should approve what they can't see. */
export function planTooLong(hidden: number): Phrase {
  return say`This plan is too long to show in full (${count(hidden, 'step')} hidden), so it can’t be approved here. Review it with ${code('registry-doctor audit export')}.`;
}

/** The last line of a plan's card: what the approval binds to, the file with all of it if there is one, and the entry that the card tells of. */
export function planFooter({ plan, record }: PlanMessage, fileMark: Phrase | null = null): Phrase {
  const file = fileMark === null ? [] : say` · ${fileMark}`;
  return say`Plan hash ${code(shortHash(plan.hash))}${file} · record ${entryMark(record)}`;
}

/** Over the folds on a plan's card. */
export const PLAN_DETAILS_TITLE = 'What exactly changes';
