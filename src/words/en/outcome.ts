import type { ApplyOutcome, StepRecord, Verification } from '../../model/execution.ts';
import type { TryResult } from '../../model/facts.ts';
import type { HostName } from '../../model/ids.ts';
import type { Plan } from '../../model/plan.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { isFileStep, kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { count, duration } from './time.ts';

/** What became of an approved plan on the host. */
export function outcomeSentence(plan: Plan, outcome: ApplyOutcome): Phrase {
  switch (outcome.kind) {
    case 'applied':
      if (plan.undoes) return takenBack(plan, plan.undoes.id, outcome.tried);
      return say`${bold('Done')} on ${plan.host}: ${placesOf(plan.steps)} as planned; ${triedSentence(plan, outcome.tried)}`;
    case 'stale':
      return say`${bold('Nothing was changed')} on ${plan.host}: ${code(outcome.path)} is now ${code(outcome.found)}, the plan was made for ${code(outcome.expected)}.`;
    case 'undone':
      return say`${bold('Undone')} on ${plan.host}: ${outcome.why}. Every ${kindsOf(plan.steps)} is as it was before.`;
    case 'refused':
      return say`${bold('Nothing was changed')} on ${plan.host}: ${outcome.why}.`;
    case 'undo-failed':
      return say`${bold(`Somebody has to look at ${plan.host} now`)}: the change did not work, and neither did putting it back: ${outcome.why}. Below is what each ${kindsOf(plan.steps)} was and is.`;
    case 'never-started':
      return say`${bold('Nothing was changed')} on ${plan.host}: the plan never started there.`;
    case 'running':
      return say`${bold('Still running')} on ${plan.host}. I keep asking the host until it tells how the plan ended.`;
    case 'unknown':
      return say`${bold('I do not know yet')} what became of the plan on ${plan.host}: ${outcome.why}. I keep asking the host.`;
  }
}

function takenBack(plan: Plan, undone: Plan['id'], tried: TryResult): Phrase {
  const done = say`${bold('Taken back')} on ${plan.host}: ${placesOf(plan.steps)} as before plan ${undone}`;
  const who = say`${code(plan.identity.user)} (uid ${plan.identity.uid})`;
  const beside = usedBeside(plan);
  if (beside !== null) return say`${done}; ${usableSentence(who, tried, beside, 'still')}`;
  switch (tried.result) {
    case 'allowed':
      return say`${done}; ${who} reaches the storage all the same, really tried.`;
    case 'denied':
      return say`${done}; ${who} no longer reaches the storage, really tried.`;
    case 'failed':
      return say`${done}; whether ${who} reaches the storage could not be tried: ${tried.why}.`;
  }
}

function usableSentence(who: Phrase, tried: TryResult, what: Phrase, adverb: 'now' | 'still'): Phrase {
  switch (tried.result) {
    case 'allowed':
      return say`${who} can ${adverb} use ${what}, tested as that account.`;
    case 'denied':
      return say`${who} can't use all of ${what}, tested as that account.`;
    case 'failed':
      return say`whether ${who} can use ${what} could not be tested: ${tried.why}.`;
  }
}

function triedSentence(plan: Plan, tried: TryResult): Phrase {
  const { identity } = plan;
  const who = say`${code(identity.user)} (uid ${identity.uid})`;
  const beside = usedBeside(plan);
  if (beside !== null) return usableSentence(who, tried, beside, 'now');
  switch (tried.result) {
    case 'allowed':
      return say`${who} now reaches the storage, really tried.`;
    case 'denied':
      return say`but ${who} still does not reach the storage.`;
    case 'failed':
      return say`whether ${who} reaches the storage could not be tried: ${tried.why}.`;
  }
}

/** What one directory or file was and is, on one line. */
export function stepChange({ before, after }: StepRecord, path: string): string {
  return before === after ? `${before} (unchanged)  ${path}` : `${before} → ${after}  ${path}`;
}

/** The button by which a plan that was applied can be taken back. */
export const UNDO = 'Undo';

/** The registry's own word after a change. */
export function verificationSentence(host: HostName, verification: Verification, incidentMs: number | null): Phrase {
  if (verification.kind === 'not-well') {
    return say`${bold(`${host} is not well yet`)}, ${duration(verification.afterMs)} after the change: ${verification.why}.`;
  }
  const after = incidentMs === null ? [] : say` after ${duration(incidentMs)}`;
  return say`${bold(`${host} is well again`)}${after}: its registry answers ${answers(verification)}.`;
}

function answers({ v2, health }: Extract<Verification, { kind: 'well' }>): Phrase {
  const v2Answer = say`${code('/v2/')} with ${v2.status}`;
  if (health === null) return v2Answer;
  return say`${v2Answer} and its health check with ${health.status} ${code(health.body.trim())}`;
}

/** The button under an outcome that leaves something open. */
export const DIAGNOSE_AGAIN = 'Diagnose again';

export function stepRecordsLeftOut(amount: number, { steps }: Plan): string {
  const what = steps.some(isFileStep)
    ? count(amount, 'more entry', 'more entries')
    : count(amount, 'more directory', 'more directories');
  return `… ${what} left out here`;
}
