import { aclEntries, bitsOfEntry, isSameEntry } from '../model/host/acl.ts';
import type { PlanStep } from '../model/plan/plan.ts';

/** What a step gives and takes, in bits, from which every language makes its sentence. */

export type ChmodStep = Extract<PlanStep, { action: 'chmod' }>;
export type SetfaclStep = Extract<PlanStep, { action: 'setfacl' }>;

/** Where the three bits of a class stand in a mode; of an ACL's entries, the mask decides, which the group's bits show. */
export const SHIFT = { owner: 6, group: 3, other: 0, 'named-user': 3, 'named-group': 3 } as const;
export const READ = 4;
export const READ_OF_GROUP = 0o040;
export const READ_OF_OTHERS = 0o004;
export const WRITE = 2;
export const SEARCH = 1;

export function isFileStep(step: PlanStep): boolean {
  return step.action !== 'chown' && step.kind === 'file';
}

/** How many entries of a tree the step changes; 0: it changes one directory or file. */
export function entriesOf(step: PlanStep): number {
  return step.action === 'setfacl' ? 0 : (step.tree?.entries ?? 0);
}

/** Whether the step gives only search permission on its directory, to every account. */
export function onlyPassThrough(step: PlanStep): boolean {
  if (step.action !== 'chmod' || step.kind === 'file' || step.tree) return false;
  return step.gains === 'other' && bitsOf(step.to, SHIFT.other) === SEARCH;
}

/** Whether who gains by the step can write to its directory then; by an `x`, a `w` that was there takes effect. */
export function letsWrite(step: PlanStep): boolean {
  if (step.action === 'chown') return true;
  const bits = step.action === 'chmod' ? bitsOf(step.to, SHIFT[step.gains]) : ownEntry(step);
  return (bits & WRITE) !== 0;
}

/** Whether the step gives no one anything. */
export function onlyTakes({ from, to }: ChmodStep): boolean {
  return (Number.parseInt(to, 8) & ~Number.parseInt(from, 8)) === 0;
}

/** What the account's own ACL entry allows after the step, as three bits. */
export function ownEntry({ from, to }: SetfaclStep): number {
  const before = aclEntries(from);
  const own = aclEntries(to).find(
    (entry) =>
      entry.tag === 'user' &&
      entry.id !== null &&
      before.find((other) => isSameEntry(other, entry))?.permissions !== entry.permissions,
  );
  return own ? bitsOfEntry(own) : 0;
}

/** The three bits of one class of a mode. */
export function bitsOf(mode: string, shift: number): number {
  return (Number.parseInt(mode, 8) >> shift) & 7;
}
