import type { PlanAlternative, PlanDraft, PlanStep } from '../../model/plan/plan.ts';
import type { HostName } from '../../model/record/ids.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import {
  bitsOf,
  type ChmodStep,
  isFileStep,
  letsWrite,
  onlyTakes,
  ownEntry,
  READ,
  READ_OF_GROUP,
  READ_OF_OTHERS,
  SEARCH,
  type SetfaclStep,
  SHIFT,
  WRITE,
} from '../step-rights.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { allOfWords } from './lists.ts';
import { count } from './time.ts';

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

/** What another form of the plan is called. */
export function alternativeTitle({ steps }: PlanAlternative): Phrase {
  const account = steps.find(({ action }) => action === 'setfacl')?.gainingPrincipal ?? 'the service';
  return say`Narrower option: an ACL for ${code(visibleText(account))} only`;
}

/** What is to be known of another form of the plan, after its commands. */
export const ALTERNATIVE_NOTE =
  'No one else gains access. “Use narrower option” on the plan’s card makes this the plan; it then needs its own approval.';

/** The same on one line, where nothing is folded away. */
export function alternativeSentence(title: string, commands: readonly string[]): Phrase {
  return say`${bold(`${title}:`)} ${commands.join('; ')}. ${ALTERNATIVE_NOTE}`;
}

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

function ownerOf({ tree, from }: Extract<PlanStep, { action: 'chown' }>): string {
  return tree ? `the owner of ${count(tree.entries, 'entry', 'entries')} there, all that ${from} owns` : 'its owner';
}

function placeOf({ tree }: ChmodStep): string {
  return tree ? `${count(tree.entries, tree.kind, KINDS[tree.kind])} there` : 'it';
}

const KINDS = { directory: 'directories', file: 'files' } as const;

function losers({ to }: ChmodStep): string {
  return (bitsOf(to, 3) & WRITE) === 0 ? 'all but their owner' : 'all but their owner and group';
}

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
  return `can ${allOfWords(words)}`;
}
