import type { PlanOutlook } from '../model/diagnosis/diagnosis.ts';
import type { Plan, PlanAlternative, PlanDraft } from '../model/plan/plan.ts';
import { durabilityPhrases, lastingFix } from '../words/en/durability.ts';
import { ALTERNATIVE_NOTE, alternativeTitle, whyNotMore } from '../words/en/plan.ts';
import {
  exactGains,
  expectedSentence,
  gainsSentence,
  placeSentence,
  stepBefore,
  undoLimits,
  undoSentence,
} from '../words/en/plan-card.ts';
import { bold, type Phrase, plainText, say } from '../words/phrase.ts';
import { stepCommand } from '../words/step-command.ts';
import { visibleText } from '../words/visible-text.ts';

/** What is told of a plan, in the order of the thread. */
export type PlanTelling = {
  /** Each command, and what was there before. */
  readonly commands: readonly (readonly [command: string, before: string])[];
  /** Who gains access, what is expected, and what else people decide by. */
  readonly effects: readonly Phrase[];
  /** What the effects sum up, in full, and why the plan is no larger. */
  readonly details: readonly Phrase[];
  /** Other ways to the same end. */
  readonly alternatives: readonly AlternativeTelling[];
};

export type AlternativeTelling = {
  readonly title: string;
  readonly commands: readonly string[];
  readonly note: string;
};

/** `outlook`: what the diagnosis expects of the plan; absent for an undo. */
export function tellPlan(plan: PlanDraft & Pick<Plan, 'undoes'>, outlook?: PlanOutlook): PlanTelling {
  const place = placeSentence(plan);
  const effects = plan.undoes === undefined ? fixEffects(plan, outlook) : [undoSentence(plan)];
  return {
    commands: plan.steps.map((step) => [visibleText(stepCommand(step)), stepBefore(step)]),
    effects: [...(place === null ? [] : [place]), ...effects],
    details: plan.undoes === undefined ? fixDetails(plan) : [undoLimits(plan, plan.undoes.id)],
    alternatives: plan.undoes === undefined ? (plan.alternatives ?? []).map(tellAlternative) : [],
  };
}

/** All of it as paragraphs, for where nothing is folded away. */
export function planPhrases({ effects, details, alternatives }: PlanTelling): readonly Phrase[] {
  return [
    ...effects,
    ...details,
    ...alternatives.map(({ title, commands, note }) => say`${bold(`${title}:`)} ${commands.join('; ')}. ${note}`),
  ];
}

function fixEffects(plan: PlanDraft, outlook: PlanOutlook | undefined): readonly Phrase[] {
  const durability = outlook?.durability ?? null;
  const isClear = durability !== null && plan.clearsEveryBlocker && lastingFix(durability) !== null;
  return [
    gainsSentence(plan),
    expectedSentence(plan, outlook),
    ...(isClear ? [] : durabilityPhrases({ durability, findings: [] })),
  ];
}

function fixDetails(plan: PlanDraft): readonly Phrase[] {
  const exactly = exactGains(plan);
  return [...(exactly === null ? [] : [exactly]), say`${whyNotMore(plan)}`];
}

function tellAlternative(alternative: PlanAlternative): AlternativeTelling {
  return {
    title: plainText(alternativeTitle(alternative)),
    commands: alternative.steps.map((step) => visibleText(stepCommand(step))),
    note: ALTERNATIVE_NOTE,
  };
}
