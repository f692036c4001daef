import type { WalkStep } from '../../model/access.ts';
import type { Diagnosis, JudgedService } from '../../model/diagnosis.ts';
import type { HttpAnswer } from '../../model/facts.ts';
import type { Finding, FindingId, Proof } from '../../model/finding.ts';
import { code, joined, type Phrase, say } from '../phrase.ts';
import { diagnosisHeadline } from './status.ts';
import { count, duration, grouped } from './time.ts';

/** The title of a verdict without any finding. */
export function verdictTitle(diagnosis: Diagnosis): string {
  return `${diagnosis.host}: ${diagnosisHeadline(diagnosis)}`;
}

/** Whose access was judged, and how that is known. */
export function serviceSentence(service: JudgedService): Phrase {
  const ids = [
    ...(service.uid === null ? [] : [`uid ${service.uid}`]),
    ...(service.gid === null ? [] : [`group ${service.gid}`]),
    otherGroups(service),
  ];
  return say`The registry runs as ${code(service.user)} (${ids.join(', ')}): ${SOURCES[service.source]}${pidOf(service)}.`;
}

const MAX_GROUPS = 12;

function otherGroups({ groups, gid }: JudgedService): string {
  const others = groups.filter((group) => group !== gid);
  if (others.length === 0) return 'no other groups';
  const shown = others.slice(0, MAX_GROUPS).join(' ');
  const hidden = others.length - MAX_GROUPS;
  return `other groups ${shown}${hidden > 0 ? ` and ${grouped(hidden)} more` : ''}`;
}

const SOURCES: Record<JudgedService['source'], string> = {
  process: 'read from its running process',
  account: 'read from its account, for no process of it was seen',
  config: 'the config file says so; neither process nor account was seen',
};

function pidOf({ source, pid }: JudgedService): string {
  return source === 'process' && pid !== null ? ` (pid ${pid})` : '';
}

/** How the first finding is known. */
export function proofSentence(diagnosis: Diagnosis): Phrase {
  const proof = diagnosis.findings[0]?.proof;
  return proof === undefined ? [] : say`${PROOFS[proof].replace('HOST', diagnosis.host)}`;
}

const PROOFS: Record<Proof, string> = {
  kernel: 'Proven on HOST: really tried as the registry’s user, and the kernel refused.',
  evaluated: 'Worked out from what I read on HOST; it was not tried there.',
  unproven: 'Not proven: I could not try it on HOST, or the kernel answered otherwise.',
};

/** What the registry says of itself, in its own words. */
export function registrySentence({ v2, health }: Pick<Diagnosis, 'v2' | 'health'>): Phrase {
  const says = [
    ...(v2 === null ? [] : [say`${v2.status} to ${code('/v2/')}`]),
    ...(health === null ? [] : [say`${health.status} to its health check`]),
  ];
  return says.length === 0 ? [] : say`The registry itself answers ${joined(says, 'and')}.`;
}

/** The heading over one of the registry's answers. */
export function answerHeading({ url, status }: HttpAnswer): string {
  return `${url} → ${status}`;
}

export const RAW_ANSWERS_TITLE = 'What the registry answered, word for word';

/** What else was found, after the first finding. */
export function alsoFound(title: Phrase, { severity }: Finding): Phrase {
  return say`${SEVERITIES[severity]}: ${title}`;
}

const SEVERITIES: Record<Finding['severity'], string> = { fault: 'Also', warning: 'Warning', info: 'Note' };

export function findingsLeftOut(amount: number): Phrase {
  return say`${count(amount, 'more finding')} left out here.`;
}

/** What people try first in this situation, and why it is in vain. */
export function inVainSentence(id: FindingId): Phrase {
  if (!BLOCKED_ABOVE.has(id)) return [];
  return say`What will not help: ${code('chmod -R 777')} on the storage itself, or switching the registry’s health check off.`;
}

const BLOCKED_ABOVE: ReadonlySet<FindingId> = new Set(['untraversable-ancestor']);

export function tookSentence({ durationMs }: Diagnosis): string {
  return `diagnosed in ${duration(durationMs)}`;
}

/** The heading of the walk's table. */
export const WALK_HEADING = [' ', 'path', 'registry may pass', 'mode', 'owner:group', 'type'] as const;

/** The mark in front of a row, besides the words in it. */
export const WALK_MARKS: Record<WalkStep['access'], string> = { allowed: ' ', denied: '✖', unknown: '?' };

export function mayPass({ access }: WalkStep, because: string): string {
  return access === 'allowed' ? 'yes' : `${access === 'denied' ? 'no' : 'unknown'}: ${because}`;
}

export function kindOf({ kind }: WalkStep, target: string | null): string {
  return kind === 'symlink' ? `link → ${target ?? '?'}` : kind;
}

/** A row in place of several. */
export function stepsNotShown(amount: number, notAllowed: number): string {
  const steps = count(amount, 'step');
  return notAllowed === 0
    ? `… ${steps} left out, all: yes`
    : `… ${steps} left out, ${grouped(notAllowed)} of them not: yes`;
}
