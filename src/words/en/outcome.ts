import type { TryResult } from '../../model/host/facts.ts';
import type { ApplyOutcome, StepRecord, Verification } from '../../model/plan/execution.ts';
import type { Plan } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import { bold, code, type Phrase, plainText, say, separated } from '../phrase.ts';
import { visibleText } from '../visible-text.ts';
import { outcomeReason, recoveryDoubt } from './outcome-reasons.ts';
import { kindsOf, placesOf, usedBeside } from './plan-places.ts';
import { reasonClause } from './reasons.ts';
import { stateClause } from './state-seen.ts';
import { count, duration } from './time.ts';

/** The outcome of an approved plan on the host. */
export function outcomeSentence(plan: Plan, outcome: ApplyOutcome): Phrase {
  const { host } = plan;
  switch (outcome.kind) {
    case 'applied':
      return plan.undoes ? undone(plan, plan.undoes.id, outcome.tried) : done(plan, outcome.tried);
    case 'stale':
      return say`${bold(`Nothing was changed on ${host}.`)} ${code(outcome.path)} is now ${stateClause(outcome.found)}; the plan expected ${stateClause(outcome.expected)}.`;
    case 'undone':
      return say`${bold('Rolled back')} on ${host}: ${outcomeReason(outcome.why)}. Every ${kindsOf(plan.steps)} is as it was before.`;
    case 'refused':
      return say`${bold(`Nothing was changed on ${host}:`)} ${withStop(outcomeReason(outcome.why))}`;
    case 'undo-failed':
      return say`${bold(`${host} needs attention now:`)} the change failed and could not be rolled back: ${outcomeReason(outcome.why)}. Before and after, for each ${kindsOf(plan.steps)}:`;
    case 'never-started':
      return say`${bold(`Nothing was changed on ${host}:`)} the plan never started there.`;
    case 'running':
      return say`${bold('Still running')} on ${host}. I’ll keep checking until it finishes.`;
    case 'unknown':
      return say`${bold(`Outcome unknown on ${host}:`)} ${withStop(outcomeReason(outcome.why))} I’ll keep asking the host. Don’t run the commands by hand.`;
  }
}

/** A reason is a clause, or a few sentences of which the last one has its full stop. */
function withStop(reason: string): string {
  return /[.!?]$/.test(reason) ? reason : `${reason}.`;
}

function done(plan: Plan, tried: TryResult): Phrase {
  const changed = say`${bold('Done.')} ${placesOf(plan.steps)} on ${plan.host} changed as planned`;
  const who = serviceOf(plan);
  const beside = usedBeside(plan);
  const [uses, what] = beside === null ? ['reach', say`the storage`] : ['use', beside];
  switch (tried.result) {
    case 'allowed':
      return say`${changed}, and ${who} can ${uses} ${what} (tested).`;
    case 'denied':
      return say`${changed}, but ${who} still can’t ${uses} ${what} (tested).`;
    case 'failed':
      return say`${changed}. Whether ${who} can ${uses} ${what} could not be tested: ${reasonClause(tried.why)}.`;
  }
}

/** Says that a person undid the plan, by a plan of its own. */
function undone(plan: Plan, before: Plan['id'], tried: TryResult): Phrase {
  const restored = say`${bold('Undone')} on ${plan.host}: ${placesOf(plan.steps)} as before plan ${before}.`;
  const who = serviceOf(plan);
  const beside = usedBeside(plan);
  const [uses, what] = beside === null ? ['reach', say`the storage`] : ['use', beside];
  switch (tried.result) {
    case 'allowed':
      return say`${restored} ${who} can still ${uses} ${what} (tested).`;
    case 'denied':
      return beside === null
        ? say`${restored} ${who} can no longer reach the storage (tested). The registry is down again.`
        : say`${restored} ${who} can’t use all of ${what} (tested).`;
    case 'failed':
      return say`${restored} Whether ${who} can ${uses} ${what} could not be tested: ${reasonClause(tried.why)}.`;
  }
}

function serviceOf({ identity }: Plan): Phrase {
  return say`${code(visibleText(identity.user))} (uid ${identity.uid})`;
}

/** What one directory or file was and is, on one line. */
export function stepChange({ before, after }: StepRecord, path: string): string {
  return before === after ? `${before} (unchanged)  ${path}` : `${before} → ${plainText(stateClause(after))}  ${path}`;
}

/** Over the changes, if they are folded. */
export function changesTitle({ steps }: Plan): string {
  return `Before and after: ${placesOf(steps)}`;
}

/** The button that proposes the undo of a plan that was applied. */
export const UNDO = 'Undo this fix…';

/** The registry's own answer after a change. */
export function verificationSentence(host: HostName, verification: Verification): Phrase {
  if (verification.kind === 'not-well') {
    return say`${bold(`${host} is still unhealthy`)} ${duration(verification.afterMs)} after the change: ${withStop(recoveryDoubt(verification.why))}`;
  }
  if (verification.kind === 'not-asked') {
    return say`${bold('Not verified:')} ${withStop(recoveryDoubt(verification.why))} Check the registry on ${host} yourself.`;
  }
  return say`${bold(`${host} is healthy again:`)} ${answers(verification)}.`;
}

function answers({ v2, health }: Extract<Verification, { kind: 'well' }>): Phrase {
  const ofHealth = health === null ? [] : [say`health check ${health.status}`];
  return separated([say`${code('/v2/')} ${v2.status}`, ...ofHealth], ', ');
}

/** The button under an outcome that leaves something open. */
export const DIAGNOSE_AGAIN = 'Diagnose again';

export function stepRecordsLeftOut(amount: number, { steps }: Plan): string {
  const kind = kindsOf(steps);
  const what =
    kind === 'directory'
      ? count(amount, 'more directory', 'more directories')
      : count(amount, 'more entry', 'more entries');
  return `… ${what} not shown here`;
}
