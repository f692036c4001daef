import type { JudgedService } from '../../model/diagnosis/diagnosis.ts';
import { quoted } from '../from-host.ts';
import { type Phrase, say } from '../phrase.ts';

export const CANNOT_REACH = 'the registry can’t reach its storage';

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
