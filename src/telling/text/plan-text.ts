import type { PlanOutlook } from '../../model/diagnosis/diagnosis.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { Words } from '../../words/index.ts';
import { plainText } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';
import { planPhrases, tellPlan } from '../plan.ts';

/** A whole plan as a text file: its hash, every command with the state before it, and what it means. */
export function planText(plan: Plan, outlook: PlanOutlook | undefined, words: Words): string {
  const told = tellPlan(plan, words, outlook);
  const lines = [
    `${words.incidentExport.exportedPlanTitle(plan)} · ${plan.host}`,
    plan.hash,
    '',
    ...told.commands.map(([command, before]) => `${command}  ${before}`),
    '',
    ...planPhrases(told, words).map((phrase) => visibleText(plainText(phrase))),
  ];
  return `${lines.join('\n')}\n`;
}
