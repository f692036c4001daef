import type { PlanOutlook } from '../model/diagnosis/diagnosis.ts';
import type { Plan, PlanAlternative, PlanDraft } from '../model/plan/plan.ts';
import type { Words } from '../words/index.ts';
import { type Phrase, plainText, say } from '../words/phrase.ts';
import { stepCommand } from '../words/step-command.ts';
import { visibleText } from '../words/visible-text.ts';

/** The content of a plan, in the order of the thread. */
export type PlanTelling = {
  /** Each command, and the state before it. */
  readonly commands: readonly (readonly [command: string, before: string])[];
  /** Who gains access, what is expected, and other facts for the decision. */
  readonly effects: readonly Phrase[];
  /** The full text of what the effects summarize, and why the plan does not do more. */
  readonly details: readonly Phrase[];
  /** Alternatives with the same result. */
  readonly alternatives: readonly AlternativeTelling[];
};

export type AlternativeTelling = {
  readonly title: string;
  readonly commands: readonly string[];
  readonly note: string;
};

/** Writes the content of a plan. `outlook` is what the diagnosis expects of it; an undo has none. */
export function tellPlan(plan: PlanDraft & Pick<Plan, 'undoes'>, words: Words, outlook?: PlanOutlook): PlanTelling {
  const place = words.planCard.placeSentence(plan);
  const effects = plan.undoes === undefined ? fixEffects(plan, outlook, words) : [words.planCard.undoSentence(plan)];
  return {
    commands: plan.steps.map((step) => [visibleText(stepCommand(step)), words.planCard.stepBefore(step)]),
    effects: [...(place === null ? [] : [place]), ...effects],
    details: plan.undoes === undefined ? fixDetails(plan, words) : [words.planCard.undoLimits(plan, plan.undoes.id)],
    alternatives: plan.undoes === undefined ? (plan.alternatives ?? []).map((one) => tellAlternative(one, words)) : [],
  };
}

/** Returns all of the content as paragraphs, for output without folds. */
export function planPhrases({ effects, details, alternatives }: PlanTelling, words: Words): readonly Phrase[] {
  return [
    ...effects,
    ...details,
    ...alternatives.map(({ title, commands }) => words.plan.alternativeSentence(title, commands)),
  ];
}

function fixEffects(plan: PlanDraft, outlook: PlanOutlook | undefined, words: Words): readonly Phrase[] {
  const durability = outlook?.durability ?? null;
  const isClear = durability !== null && plan.clearsEveryBlocker && words.durability.lastingFix(durability) !== null;
  return [
    words.planCard.gainsSentence(plan),
    words.planCard.expectedSentence(plan, outlook),
    ...(isClear ? [] : words.durability.durabilityPhrases({ durability, findings: [], isBroken: true })),
  ];
}

function fixDetails(plan: PlanDraft, words: Words): readonly Phrase[] {
  const exactly = words.planCard.exactGains(plan);
  return [...(exactly === null ? [] : [exactly]), say`${words.plan.whyNotMore(plan)}`];
}

function tellAlternative(alternative: PlanAlternative, words: Words): AlternativeTelling {
  return {
    title: plainText(words.plan.alternativeTitle(alternative)),
    commands: alternative.steps.map((step) => visibleText(stepCommand(step))),
    note: words.plan.ALTERNATIVE_NOTE,
  };
}
