import type { PlanState } from '../../model/plan/plan.ts';
import type { PlanId } from '../../model/record/ids.ts';

/** What `registry-doctor sign` says: what prevents a signature, and what was done. */

export const SIGN_QUESTION = 'sign? [y/N] ';

export function planTextUnreadable(file: string, why: string): string {
  return `Can’t read ${file}: ${why}. Nothing was signed.`;
}

export function planTextTooLarge(maxBytes: number): string {
  return `it is larger than ${maxBytes / 1024 / 1024} MiB, which no plan is`;
}

export function notAPlanDocument(line: number, expected: string): string {
  const wanted = expected === '' ? 'the text should have ended before it' : `“${expected}” is expected there`;
  return `That is no plan document: line ${line} is not right, ${wanted}. Nothing was signed. Give the whole text of the plan, from registry-doctor-plan/2 to end, as the bot has shown it.`;
}

export function planIdNeedsConfig(plan: PlanId): string {
  return `error: ${plan} is the id of a plan, so --config has to say where the record is (a file of that name: ./${plan})`;
}

export function unknownPlan(plan: PlanId): string {
  return `There is no plan ${plan} on record. Nothing was signed.`;
}

export function planChanged(plan: PlanId): string {
  return `Plan ${plan} is not the one that was sealed: it was changed in the record. Nothing was signed. Run \`registry-doctor audit verify\`, and keep the file unchanged.`;
}

export function planIsOver(plan: PlanId, state: PlanState): string {
  return `Plan ${plan} is ${state}, so it needs no signature. Nothing was signed.`;
}

/** Says that the plan expired by this machine's clock. */
export function planExpired(plan: string): string {
  return `Plan ${plan} has expired, by this machine’s clock. Nothing was signed. Diagnose again to get a new plan; without --yes you are asked whether to sign it anyway.`;
}

export function noTerminal(): string {
  return 'There is no terminal to ask on. Nothing was signed. Run this where you can read the plan and answer; --yes signs without asking.';
}

export function notSigned(): string {
  return 'Nothing was signed.';
}

export function signedBy(fingerprint: string): string {
  return `Signed with the key ${fingerprint}. The signature:`;
}
