import type { WalkStep } from '../../model/diagnosis/access.ts';
import type { Diagnosis, JudgedService } from '../../model/diagnosis/diagnosis.ts';
import type { Finding, FindingId, FindingOf, Proof } from '../../model/diagnosis/finding.ts';
import type { HttpAnswer } from '../../model/host/facts.ts';
import type { IncidentId } from '../../model/record/ids.ts';
import type { FindingWords } from '../finding-words.ts';
import { quoted } from '../from-host.ts';
import { grouped } from '../moment.ts';
import { bold, code, emphasised, type Phrase, say } from '../phrase.ts';
import { identity, subject, subjectAtStart } from './finding-words.ts';
import { allOf } from './lists.ts';
import { diagnosisHeadline } from './status.ts';
import { count, duration } from './time.ts';

/** The title of a verdict that no finding leads. */
export function verdictTitle(diagnosis: Diagnosis): string {
  return `${diagnosis.host}: ${diagnosisHeadline(diagnosis)}`;
}

/** The title of a finding as a sentence of its own. */
export function titleSentence(title: Phrase): Phrase {
  return emphasised(say`${title}.`);
}

/** The verdict for notifications and screen readers. `title`: of what leads; null: nothing does. */
export function verdictSentence(headline: string, incident: IncidentId, title: Phrase | null): Phrase {
  return say`${headline} (incident ${incident}).${title === null ? [] : say` ${title}.`}`;
}

type BlockedAt = FindingOf<'untraversable-ancestor'>;

/** How many directories block the storage path, and why; the directories themselves follow. */
export function blockedSentence(blocked: readonly BlockedAt[], service: JudgedService | null): Phrase {
  const amount = NUMBERS[blocked.length] ?? grouped(blocked.length);
  const block =
    blocked.length === 1 ? 'directory on the storage path blocks it' : 'directories on the storage path block it';
  return say`${amount} ${block}. ${whyBlocked(blocked, service)}:`;
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

function whyBlocked(blocked: readonly BlockedAt[], service: JudgedService | null): Phrase {
  const user = subjectAtStart(service);
  const [first, ...others] = blocked;
  const isOne = others.length === 0;
  if (first === undefined || others.some(({ decidedBy }) => decidedBy !== first.decidedBy)) {
    return say`${user} has no ${code('x')} on any of them`;
  }
  const [its, it] = isOne ? ['its', 'it'] : ['their', 'them'];
  switch (first.decidedBy) {
    case 'owner':
      return say`${user} owns ${it}, and the owner has no ${code('x')}`;
    case 'group':
      return say`${user} is in ${its} group, and the group has no ${code('x')}`;
    case 'other':
      return say`${user} is not ${its} owner, not in ${its} group, and others have no ${code('x')}`;
    case 'named-user':
      return say`The ACL entry for ${subject(service)} has no ${code('x')}`;
    case 'named-group':
      return say`The ACL entry for a group of ${subject(service)} has no ${code('x')}`;
  }
}

/** Whose access was checked, and how that identity is known. */
export function identitySentence(service: JudgedService): Phrase {
  return say`Checked as ${identity(service)}, ${SOURCES[service.source](service)}.`;
}

const SOURCES: Record<JudgedService['source'], (service: JudgedService) => string> = {
  process: ({ pid }) => `the user of the running registry process${pid === null ? '' : ` (pid ${pid})`}`,
  account: () => 'taken from the account, because no registry process was identified',
  config: () => 'taken from the config file, because neither a registry process nor its account was found',
};

/** How it is known what the verdict says. */
export function proofSentence(diagnosis: Diagnosis): Phrase {
  const proofs = diagnosis.verdict === 'healthy' ? HEALTHY_PROOFS : FOUND_PROOFS;
  return proofs[proofOf(diagnosis)](diagnosis);
}

/** A healthy host is as well proven as the weakest step of the path to its storage. */
function proofOf({ verdict, findings, walk }: Diagnosis): Proof {
  if (verdict !== 'healthy') return findings[0]?.proof ?? 'unproven';
  if (walk.length === 0 || walk.some(({ proof }) => proof === 'unproven')) return 'unproven';
  return walk.some(({ proof, kind }) => proof === 'evaluated' && kind !== 'symlink') ? 'evaluated' : 'kernel';
}

type Proofs = Record<Proof, (diagnosis: Diagnosis) => Phrase>;

const FOUND_PROOFS: Proofs = {
  kernel: (diagnosis) =>
    say`${bold(`Confirmed on ${diagnosis.host}:`)} ${testedAs(diagnosis)}, ${kernelAnswer(diagnosis.findings[0])}.`,
  evaluated: ({ host, findings }) => say`${bold('Not tested:')} inferred from ${sourceOf(findings[0])} on ${host}.`,
  unproven: ({ host }) =>
    say`${bold('Not confirmed:')} the test did not run on ${host}, or it gave a different result.`,
};

/** What the kernel answered about the first finding: not every failed test was denied. */
function kernelAnswer(lead: Finding | undefined): string {
  if (lead?.id !== 'file-unusable') return 'denied by the kernel';
  if (lead.cause === 'missing') return 'it doesn’t exist';
  return lead.cause === 'is-a-directory' ? 'it is a directory' : 'denied by the kernel';
}

const HEALTHY_PROOFS: Proofs = {
  kernel: (diagnosis) =>
    say`${bold(`Confirmed on ${diagnosis.host}:`)} ${testedAs(diagnosis)}, the path to the storage is open.`,
  evaluated: ({ host }) =>
    say`${bold('Not tested:')} inferred from the permissions on ${host}, the path to the storage is open.`,
  unproven: ({ host }) => say`${bold('Not confirmed:')} the path to the storage was not tested on ${host}.`,
};

function testedAs({ service }: Diagnosis): Phrase {
  if (service === null) return say`tested as the registry’s user`;
  return say`tested as ${quoted(service.user)}${service.uid === null ? '' : ` (uid ${service.uid})`}`;
}

function sourceOf(lead: Finding | undefined): string {
  return lead !== undefined && BY_PERMISSIONS.has(lead.id) ? 'the permissions' : 'what I read';
}

const BY_PERMISSIONS: ReadonlySet<FindingId> = new Set([
  'untraversable-ancestor',
  'storage-root-unusable',
  'inner-directory-unusable',
  'inner-file-unusable',
  'wrong-owner',
  'file-unusable',
]);

/** What the registry says of itself. */
export function registrySentence({ v2, health }: Pick<Diagnosis, 'v2' | 'health'>): Phrase {
  const says = [
    ...(v2 === null ? [] : [say`${v2.status} for ${code('/v2/')}`]),
    ...(health === null ? [] : [say`${health.status} for its health check`]),
  ];
  return says.length === 0 ? [] : say`The registry returns ${allOf(says)}.`;
}

/** The heading over one of the registry's answers. */
export function answerHeading({ url, status }: HttpAnswer): string {
  return `${url} → ${status}`;
}

export const RAW_ANSWERS_TITLE = 'Registry responses (raw)';

/** The other directories and files that have what the first finding has. */
export function alsoThere(paths: readonly Phrase[]): Phrase {
  return paths.length === 0 ? [] : say`${bold('Same problem at')} ${allOf(paths)}.`;
}

/** What else was found, of another kind; its remedy only where no plan takes care of it. */
export function alsoFound(
  { title, because, remedy }: FindingWords,
  { severity }: Finding,
  withRemedy: boolean,
): Phrase {
  const found = say`${bold(SEVERITIES[severity])} ${title}. ${because}`;
  return withRemedy ? say`${found} ${remedy}` : found;
}

const SEVERITIES: Record<Finding['severity'], string> = { fault: 'Also:', warning: 'Warning:', info: 'Note:' };

/** Over the other findings, if they are folded. */
export function moreFindingsTitle(amount: number): string {
  return count(amount, 'more finding');
}

/** What people try first in this situation, without success. */
export function inVainSentence(id: FindingId): Phrase {
  if (id !== 'untraversable-ancestor') return [];
  return say`${bold('Won’t help:')} ${code('chmod -R 777')} on the storage, or turning off the health check.`;
}

export function tookSentence({ durationMs }: Diagnosis): string {
  return `diagnosed in ${duration(durationMs)}`;
}

/** Over the table of the path, where it is folded away: it says the result. */
export function pathCheckTitle(walk: readonly WalkStep[]): string {
  const blocked = walk.filter(({ access }) => access === 'denied').length;
  const unknown = walk.filter(({ access }) => access === 'unknown').length;
  const result = [
    ...(blocked > 0 || unknown === 0 ? [blocked === 0 ? 'none blocked' : `${grouped(blocked)} blocked`] : []),
    ...(unknown === 0 ? [] : [`${grouped(unknown)} unknown`]),
  ];
  return `Path check: ${count(walk.length, 'step')}, ${result.join(', ')}`;
}

/** The heading of the path's table. On a card the answer comes early; in a terminal one reads the facts first, the verdict on them last. */
export const WALK_HEADING = [' ', 'path', 'access', 'mode', 'owner:group', 'type'] as const;
export const READING_WALK_HEADING = ['', 'path', 'type', 'mode', 'owner:group', 'access'] as const;

/** The mark in front of a row, besides the words in it. */
export const WALK_MARKS: Record<WalkStep['access'], string> = { allowed: ' ', denied: '✖', unknown: '?' };

export function mayPass({ access }: WalkStep, because: string): string {
  return access === 'allowed' ? 'yes' : `${access === 'denied' ? 'blocked' : 'unknown'}: ${because}`;
}

export function kindOf({ kind }: WalkStep, target: string | null): string {
  return kind === 'symlink' ? `symlink → ${target ?? '?'}` : kind;
}

/** A step on the path, with what the host calls it where the registry's process sees another tree. */
export function placeText(place: string, hostPath: string | null | undefined): string {
  if (hostPath === undefined) return place;
  return `${place} (${hostPath === null ? 'not on the host' : `on the host: ${hostPath}`})`;
}

/** A row in place of several. */
export function stepsNotShown(amount: number, notAllowed: number): string {
  const steps = count(amount, 'more step');
  return notAllowed === 0 ? `… ${steps}, all accessible` : `… ${steps}, ${grouped(notAllowed)} of them not accessible`;
}
