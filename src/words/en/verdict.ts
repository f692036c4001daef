import type { WalkStep } from '../../model/access.ts';
import type { Diagnosis, JudgedService } from '../../model/diagnosis.ts';
import type { HttpAnswer } from '../../model/facts.ts';
import type { Finding, FindingId, Proof } from '../../model/finding.ts';
import { bold, code, joined, type Phrase, say } from '../phrase.ts';
import { identity } from './finding-words.ts';
import { diagnosisHeadline } from './status.ts';
import { count, duration, grouped } from './time.ts';

/** The title of a verdict that no finding leads. */
export function verdictTitle(diagnosis: Diagnosis): string {
  return `${diagnosis.host}: ${diagnosisHeadline(diagnosis)}`;
}

/** Whose access was judged, and where that identity was read. */
export function serviceSentence(service: JudgedService): Phrase {
  return say`Judged as ${identity(service)}, ${SOURCES[service.source]}${pidOf(service)}.`;
}

/** The same where the identity was named just before. */
export function sourceSentence(service: JudgedService): Phrase {
  return say`That identity was ${SOURCES[service.source]}${pidOf(service)}.`;
}

/** How it is known what the verdict says. */
export function proofSentence(diagnosis: Diagnosis): Phrase {
  const proofs = PROOFS[diagnosis.verdict === 'healthy' ? 'healthy' : 'found'];
  return say`${proofs[proofOf(diagnosis)](diagnosis.host)}`;
}

const SOURCES: Record<JudgedService['source'], string> = {
  process: 'read from the running process',
  account: 'read from the account, for no process was seen',
  config: 'taken from the config file, for neither process nor account was seen',
};

function pidOf({ source, pid }: JudgedService): string {
  return source === 'process' && pid !== null ? ` (pid ${pid})` : '';
}

/** A healthy host is as well proven as the weakest step of the way to its storage. */
function proofOf({ verdict, findings, walk }: Diagnosis): Proof {
  if (verdict !== 'healthy') return findings[0]?.proof ?? 'unproven';
  if (walk.length === 0 || walk.some(({ proof }) => proof === 'unproven')) return 'unproven';
  return walk.some(({ proof, kind }) => proof === 'evaluated' && kind !== 'symlink') ? 'evaluated' : 'kernel';
}

const PROOFS: Record<'healthy' | 'found', Record<Proof, (host: string) => string>> = {
  found: {
    kernel: (host) => `Proven on ${host}: really tried with that identity, and the kernel refused.`,
    evaluated: (host) => `Worked out from what I read on ${host}; it was not tried there.`,
    unproven: (host) => `Not proven: it could not be tried on ${host}, or the kernel answered otherwise.`,
  },
  healthy: {
    kernel: (host) => `Proven on ${host}: really tried with that identity, the way to the storage is open.`,
    evaluated: (host) =>
      `Worked out from what I read on ${host}: the way to the storage is open. It was not tried there.`,
    unproven: (host) => `The way to the storage was not proven on ${host}.`,
  },
};

/** What the registry says of itself. */
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

/** The other places that have what the first finding has. */
export function alsoThere(id: FindingId, paths: readonly Phrase[]): Phrase {
  if (paths.length === 0) return [];
  return say`${bold(BLOCKED_ABOVE.has(id) ? 'Closed as well:' : 'The same at')} ${joined(paths, 'and')}.`;
}

/** What else was found, of another kind. */
export function alsoFound(title: Phrase, { severity }: Finding): Phrase {
  return say`${bold(SEVERITIES[severity])} ${title}`;
}

const SEVERITIES: Record<Finding['severity'], string> = { fault: 'Also:', warning: 'Warning:', info: 'Note:' };

export function findingsLeftOut(amount: number): Phrase {
  return say`${count(amount, 'more finding')} left out here.`;
}

/** What people try first in this situation, and why it is in vain. */
export function inVainSentence(id: FindingId): Phrase {
  if (!BLOCKED_ABOVE.has(id)) return [];
  return say`What will not help: ${code('chmod -R 777')} on the storage itself, or switching the registry's health check off.`;
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

/** A place on the way, with what the host calls it where the registry's process sees another tree. */
export function placeText(place: string, hostPath: string | null | undefined): string {
  if (hostPath === undefined) return place;
  return `${place} (${hostPath === null ? 'not on the host' : `on the host: ${hostPath}`})`;
}

/** A row in place of several. */
export function stepsNotShown(amount: number, notAllowed: number): string {
  const steps = count(amount, 'step');
  return notAllowed === 0
    ? `… ${steps} left out, all: yes`
    : `… ${steps} left out, ${grouped(notAllowed)} of them not: yes`;
}
