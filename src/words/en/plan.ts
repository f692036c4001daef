import { aclEntries, bitsOfEntry, isSameEntry } from '../../model/host/acl.ts';
import type { PlanAlternative, PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import { code, type Phrase, say } from '../phrase.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { isFileStep } from './plan-places.ts';
import { shellQuote } from './shell-quote.ts';
import { count } from './time.ts';

/** The exact command of a step, as one line for bash(1). */
export function stepCommand(step: PlanStep): string {
  switch (step.action) {
    case 'chmod':
      if (step.tree) return modesCommand(step, step.tree.kind);
      return `chmod ${step.to} ${shellQuote(step.path)}`;
    case 'setfacl':
      return `setfacl ${losesEntries(step) ? `--set ${step.to}` : `-m ${step.modify}`} ${shellQuote(step.path)}`;
    case 'chown':
      if (!step.tree) return `chown ${step.to} ${shellQuote(step.path)}`;
      return `find ${shellQuote(step.path)} -xdev ${ownedBy(step.from)} -exec chown -h --from=${step.from} ${step.to} {} +`;
  }
}

function modesCommand({ path, from, to, gainingPrincipal }: ChmodStep, kind: 'directory' | 'file'): string {
  const type = kind === 'directory' ? 'd' : 'f';
  return `find ${shellQuote(path)} -xdev -type ${type} -user ${visibleText(gainingPrincipal)} -perm ${from} -exec chmod ${to} {} +`;
}

/** Then the ACL is set as a whole, as on the way back. */
function losesEntries({ from, to }: SetfaclStep): boolean {
  const after = aclEntries(to);
  return aclEntries(from).some((entry) => !after.some((other) => isSameEntry(entry, other)));
}

/** What find(1) is told to choose the entries of a tree by. */
function ownedBy(owners: string): string {
  const [uid, gid] = owners.split(':');
  return `-uid ${uid} -gid ${gid}`;
}

/** Who gains what by one step: "every account on git01 can pass through it, but not list or change it". */
export function stepGain(step: PlanStep, host: HostName): Phrase {
  if (step.action === 'chown') return say`${code(visibleText(step.gainingPrincipal))} becomes ${ownerOf(step)}`;
  if (step.kind === 'file') return fileGain(step, host);
  if (step.action === 'setfacl') return say`only ${code(visibleText(step.gainingPrincipal))} ${entryAbilities(step)}`;
  if (onlyTakes(step)) return say`no one gains access; ${losers(step)} can no longer write to ${placeOf(step)}`;
  return say`${gainer(step, host)} ${abilities(step)}`;
}

/** A plan only ever makes a file readable (the guard refuses all else). */
function fileGain(step: ChmodStep | SetfaclStep, host: HostName): Phrase {
  const file = code(visiblePath(step.path));
  if (step.action === 'setfacl') {
    return say`${code(visibleText(step.gainingPrincipal))} can read ${file}; no one else gains access`;
  }
  const { from, to, gainingPrincipal } = step;
  const gained = Number.parseInt(to, 8) & ~Number.parseInt(from, 8);
  if (gained & READ_OF_OTHERS) {
    const groupReads = (bitsOf(to, 3) & READ) !== 0;
    return groupReads
      ? say`every account on ${host} can read ${file}`
      : say`every account on ${host} outside the file's own group can read ${file}`;
  }
  const who = gained & READ_OF_GROUP ? 'every member of group ' : '';
  return say`${who}${code(visibleText(gainingPrincipal))} can read ${file}; no one else gains access`;
}

/** Whether all that the step gives is a way through its directory, to every account. */
export function onlyPassThrough(step: PlanStep): boolean {
  if (step.action !== 'chmod' || step.kind === 'file' || step.tree) return false;
  return step.gains === 'other' && bitsOf(step.to, SHIFT.other) === SEARCH;
}

/** What another form of the plan is called. */
export function alternativeTitle({ steps }: PlanAlternative): Phrase {
  const account = steps.find(({ action }) => action === 'setfacl')?.gainingPrincipal ?? 'the service';
  return say`Narrower option: an ACL for ${code(visibleText(account))} only`;
}

/** What is to be known of another form of the plan, after its commands. */
export const ALTERNATIVE_NOTE =
  'No one else gains access. “Use narrower option” on the plan’s card makes this the plan; it then needs its own approval.';

/** Why the plan is no larger. */
export function whyNotMore({ steps }: PlanDraft): string {
  if (steps.some((step) => step.action !== 'setfacl' && step.tree)) return NO_OTHER_ENTRIES;
  if (steps.some(isFileStep)) return ONLY_READ;
  return steps.some(letsWrite) ? NO_OTHER_BITS : `${NO_OTHER_BITS} No one gains write access.`;
}

const NO_OTHER_ENTRIES =
  'Changes only the entries counted, and checks each one first. Doesn’t cross mounts or follow symlinks.';
const ONLY_READ =
  'Nothing else changes: no file becomes writable, owners and groups stay as they are, and each directory is opened only as far as the path needs it.';
const NO_OTHER_BITS =
  'Adds only the missing permission bits, only on the blocking directories. Nothing below them changes.';

/** Whether who gains by the step can write to its directory then; by an `x`, a `w` that was there takes effect. */
function letsWrite(step: PlanStep): boolean {
  if (step.action === 'chown') return true;
  const bits = step.action === 'chmod' ? bitsOf(step.to, SHIFT[step.gains]) : ownEntry(step);
  return (bits & WRITE) !== 0;
}

function ownerOf({ tree, from }: Extract<PlanStep, { action: 'chown' }>): string {
  return tree ? `the owner of ${count(tree.entries, 'entry', 'entries')} there, all that ${from} owns` : 'its owner';
}

function onlyTakes({ from, to }: ChmodStep): boolean {
  return (Number.parseInt(to, 8) & ~Number.parseInt(from, 8)) === 0;
}

function placeOf({ tree }: ChmodStep): string {
  return tree ? `${count(tree.entries, tree.kind, KINDS[tree.kind])} there` : 'it';
}

const KINDS = { directory: 'directories', file: 'files' } as const;

function losers({ to }: ChmodStep): string {
  return (bitsOf(to, 3) & WRITE) === 0 ? 'all but their owner' : 'all but their owner and group';
}

type ChmodStep = Extract<PlanStep, { action: 'chmod' }>;
type SetfaclStep = Extract<PlanStep, { action: 'setfacl' }>;

const SHIFT = { owner: 6, group: 3, other: 0, 'named-user': 3, 'named-group': 3 } as const;
const READ = 4;
const READ_OF_GROUP = 0o040;
const READ_OF_OTHERS = 0o004;
const WRITE = 2;
const SEARCH = 1;

/** The group is a class of its own: if it has no `x`, its members gain nothing by the bit for others. */
function gainer(step: ChmodStep, host: HostName): Phrase {
  const name = code(visibleText(step.gainingPrincipal));
  if (step.gains === 'owner' || step.gains === 'named-user') return say`${name}, its owner,`;
  if (step.gains !== 'other') return say`every member of group ${name}`;
  const groupPasses = (bitsOf(step.to, 3) & SEARCH) !== 0;
  return groupPasses ? say`every account on ${host}` : say`every account on ${host} outside the directory's own group`;
}

/** What the account's own entry allows after the step; the mask goes with it. */
function entryAbilities(step: SetfaclStep): string {
  const bits = ownEntry(step);
  return wordsFor(bits, bits);
}

function ownEntry({ from, to }: SetfaclStep): number {
  const before = aclEntries(from);
  const own = aclEntries(to).find(
    (entry) =>
      entry.tag === 'user' &&
      entry.id !== null &&
      before.find((other) => isSameEntry(other, entry))?.permissions !== entry.permissions,
  );
  return own ? bitsOfEntry(own) : 0;
}

function abilities(step: ChmodStep): string {
  const after = bitsOf(step.to, SHIFT[step.gains]);
  const gained = after & ~bitsOf(step.from, SHIFT[step.gains]);
  return wordsFor(after, gained);
}

function wordsFor(after: number, gained: number): string {
  if (after === SEARCH) return 'can pass through it, but not list or change it';
  const words = [
    ...(gained & SEARCH ? ['pass through it'] : []),
    ...(gained & READ ? ['list it'] : []),
    ...(gained & WRITE ? ['create and delete entries in it'] : []),
  ];
  return `can ${new Intl.ListFormat('en-GB').format(words)}`;
}

function bitsOf(mode: string, shift: number): number {
  return (Number.parseInt(mode, 8) >> shift) & 7;
}
