import { aclEntries, isSameEntry } from '../../model/host/acl.ts';
import type { AclEntry } from '../../model/host/posix.ts';
import type {
  PlanDocument,
  PlanDocumentAlso,
  PlanDocumentHead,
  PlanDocumentStep,
} from '../../model/plan/plan-document.ts';
import { dateAndTime } from '../moment.ts';
import { bold, code, type Phrase, say } from '../phrase.ts';
import { shortHash } from '../short-hash.ts';
import { documentCommand } from '../step-command.ts';
import { visiblePath, visibleText } from '../visible-text.ts';
import { allOf, allOfWords, anyOfWords } from './lists.ts';
import { count } from './time.ts';

/**
 * A plan document in words, for the person who is asked to sign it. All of it is read from the text that is signed, and every bit that
 * the text changes is named, whatever a plan of ours would hold: the text can come from someone else.
 */
export function planDocumentLines({ head, also, steps }: PlanDocument, now: Date): readonly Phrase[] {
  return [
    say`${bold(`Plan ${head.plan}`)} for ${bold(head.host)}${hostnameOf(head)} · hash ${code(shortHash(head.hash))} · ${RISKS[head.risk]}`,
    takesBack(head),
    goodUntil(head, now),
    ...steps.flatMap((step) => stepLines(step, head)),
    say`Afterwards uid ${head.uid}, gid ${head.gid}, ${groupsOf(head)} is tested: ${allOf(testsOf(head, also))}.`,
  ];
}

const RISKS = { low: 'low risk', high: 'high risk: read every line' } as const;

function hostnameOf({ hostname }: PlanDocumentHead): Phrase {
  return hostname === null ? [] : say` (which calls itself ${code(visibleText(hostname))})`;
}

function takesBack({ undoes }: PlanDocumentHead): Phrase {
  if (undoes === null) return say`It takes back no other plan.`;
  return say`It takes back the plan with the hash ${code(shortHash(undoes))}.`;
}

function goodUntil({ expires, boot }: PlanDocumentHead, now: Date): Phrase {
  const over = Date.parse(expires) < now.getTime() ? say` ${bold("That is over, by this machine's clock.")}` : [];
  const until = say`Good until ${dateAndTime(expires)}`;
  return boot === null ? say`${until}.${over}` : say`${until}, and for this boot of the host alone.${over}`;
}

function groupsOf({ groups }: PlanDocumentHead): string {
  return groups.length === 0 ? 'no other groups' : `groups ${groups.join(', ')}`;
}

/** What has to be usable, or all is put back. */
function testsOf({ root }: PlanDocumentHead, also: readonly PlanDocumentAlso[]): readonly Phrase[] {
  const storage = root === null ? [] : [say`storage ${code(visiblePath(root))}`];
  return [
    ...storage,
    ...also.map(({ use, at, secret }) => say`${USES[use]} ${code(visiblePath(at))}${secret ? ' (a secret)' : ''}`),
  ];
}

const USES = { read: 'read', write: 'write', directory: 'list and write' } as const;

function stepLines(step: PlanDocumentStep, head: PlanDocumentHead): readonly Phrase[] {
  return [
    say`${step.step}. ${code(documentCommand(step, head))}`,
    say`   ${step.from} → ${step.to}: ${gainOf(step, head)}.`,
  ];
}

type StepOf<A extends PlanDocumentStep['action']> = Extract<PlanDocumentStep, { action: A }>;

function gainOf(step: PlanDocumentStep, head: PlanDocumentHead): string {
  switch (step.action) {
    case 'chmod':
      return modeGain(step, head);
    case 'chown':
      return ownerGain(step);
    case 'setfacl':
      return aclGain(step);
  }
}

const BITS = [
  { bit: 4, directory: 'list it', file: 'read it' },
  { bit: 2, directory: 'create and delete entries in it', file: 'write to it' },
  { bit: 1, directory: 'pass through it', file: 'run it' },
] as const;

const SPECIAL_BITS = 'its special bits (setuid, setgid, sticky) change, which no plan of Registry Doctor does';

/** What each class of accounts can do afterwards that it could not, and the other way round. */
function modeGain(step: StepOf<'chmod'>, { host, uid }: PlanDocumentHead): string {
  const kind = step.kind ?? 'directory';
  const [owner = '', group = ''] = step.owner.split(':');
  const classes = [
    { who: `its owner (uid ${step.entries === null ? owner : uid})`, digit: 1 },
    { who: step.entries === null ? `members of its group (gid ${group})` : 'members of its group', digit: 2 },
    { who: `every other account on ${host}`, digit: 3 },
  ];
  const changes = classes.flatMap(({ who, digit }) => {
    const [before, after] = [Number(step.from[digit]), Number(step.to[digit])];
    const gained = abilities(after & ~before, kind, 'conjunction');
    const lost = abilities(before & ~after, kind, 'disjunction');
    return [...(gained ? [`${who} can then ${gained}`] : []), ...(lost ? [`${who} can no longer ${lost}`] : [])];
  });
  const special = step.from[0] === step.to[0] ? [] : [SPECIAL_BITS];
  const all = [...changes, ...special];
  return `${placeOf(step)}${all.length === 0 ? 'no one gains anything' : all.join('; ')}`;
}

function abilities(bits: number, kind: 'directory' | 'file', type: 'conjunction' | 'disjunction'): string {
  const words = BITS.filter(({ bit }) => bits & bit).map((names) => names[kind]);
  return type === 'conjunction' ? allOfWords(words) : anyOfWords(words);
}

function placeOf({ entries, kind }: StepOf<'chmod'>): string {
  if (entries === null || kind === null) return '';
  return `of each of ${kind === 'file' ? count(entries, 'file') : count(entries, 'directory', 'directories')} there, `;
}

function ownerGain({ from, to, entries }: StepOf<'chown'>): string {
  const [uid, gid] = to.split(':');
  const what = entries === null ? 'it' : `${count(entries, 'entry', 'entries')} there, all that ${from} has`;
  const group = from.endsWith(`:${gid}`) ? `; the group stays gid ${gid}` : `, and gid ${gid} the group`;
  return `uid ${uid} becomes the owner of ${what}${group}`;
}

/** Every entry that comes, changes or goes. */
function aclGain({ from, to }: StepOf<'setfacl'>): string {
  const [before, after] = [aclEntries(from), aclEntries(to)];
  const changed = after.flatMap((entry) => {
    const old = before.find((other) => isSameEntry(other, entry))?.permissions ?? 'no entry';
    return old === entry.permissions ? [] : [`${holderOf(entry)} has ${entry.permissions} (before: ${old})`];
  });
  const gone = before.filter((entry) => !after.some((other) => isSameEntry(other, entry)));
  const all = [...changed, ...gone.map((entry) => `${holderOf(entry)} has no entry any more`)];
  return all.length === 0 ? 'no one gains anything' : all.join('; ');
}

function holderOf({ tag, id }: AclEntry): string {
  if (id !== null) return tag === 'user' ? `uid ${id}` : `gid ${id}`;
  return { user: 'its owner', group: 'its group', mask: 'the mask', other: 'everyone else' }[tag];
}
