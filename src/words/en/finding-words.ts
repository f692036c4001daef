import type { Diagnosis, JudgedService } from '../../model/diagnosis/diagnosis.ts';
import type { FindingId, FindingOf } from '../../model/diagnosis/finding.ts';
import type { HostPath } from '../../model/host/host-path.ts';
import { code, type Phrase, type Run, say } from '../phrase.ts';
import { visiblePath, visibleText } from '../visible-text.ts';

export type FindingWords = {
  /** One clause, without a full stop. */
  readonly title: Phrase;
  readonly because: Phrase;
  /** What to do, and what better not. */
  readonly remedy: Phrase;
};

/** The part of a diagnosis that the words for a finding lean on. */
export type Around = Pick<Diagnosis, 'host' | 'service' | 'plan'>;

/** All that is said of one kind of finding. */
export type WordsFor<Id extends FindingId> = {
  /** What the first line says after the host's name, where this finding leads; null: it's too small to lead. */
  readonly headline: string | ((finding: FindingOf<Id>) => string) | null;
  readonly words: (finding: FindingOf<Id>, around: Around) => FindingWords;
};

export type WordsById = { readonly [Id in FindingId]: WordsFor<Id> };

export const CANNOT_REACH = 'the registry can’t reach its storage';

export function path(of: HostPath): Run {
  return code(visiblePath(of));
}

/** A name or a reason from a host. */
export function quoted(text: string): Run {
  return code(visibleText(text));
}

export function plain(text: string): string {
  return visibleText(text);
}

/** The service as the subject of a sentence. */
export function subject(service: JudgedService | null): Phrase {
  return service ? [quoted(service.user)] : say`the registry`;
}

export function subjectAtStart(service: JudgedService | null): Phrase {
  return service ? [quoted(service.user)] : say`The registry`;
}

const MAX_GROUPS = 12;

/** The identity that was judged: `registry` (uid 993, group 993, no other groups). */
export function identity(service: JudgedService | null): Phrase {
  if (!service || service.uid === null || service.gid === null) return subjectAtStart(service);
  return say`${quoted(service.user)} (uid ${service.uid}, group ${service.gid}, ${otherGroups(service)})`;
}

function otherGroups({ groups, gid }: JudgedService): string {
  const others = groups.filter((group) => group !== gid);
  if (others.length === 0) return 'no other groups';
  const hidden = others.length - MAX_GROUPS;
  return `other groups ${others.slice(0, MAX_GROUPS).join(' ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}
