import type { JudgedService } from '../../model/diagnosis/diagnosis.ts';
import { quoted } from '../from-host.ts';
import { type Phrase, say } from '../phrase.ts';

export const CANNOT_REACH = 'Registry 无法访问存储目录';

/** The service within a sentence; Latin at both ends, so with a space beside Chinese. */
export function subject(service: JudgedService | null): Phrase {
  return service ? [quoted(service.user)] : say`Registry`;
}

export function subjectAtStart(service: JudgedService | null): Phrase {
  return service ? say`用户 ${quoted(service.user)}` : say`Registry`;
}

const MAX_GROUPS = 12;

/** The identity that was judged: `registry`（uid 993，gid 993，没有其他组）. It ends with the bracket, so without a space after it. */
export function identity(service: JudgedService | null): Phrase {
  if (!service) return say`Registry（用户未知）`;
  if (service.uid === null || service.gid === null) return say`${quoted(service.user)}（uid 或 gid 未知）`;
  return say`${quoted(service.user)}（uid ${service.uid}，gid ${service.gid}，${otherGroups(service)}）`;
}

function otherGroups({ groups, gid }: JudgedService): string {
  const others = groups.filter((group) => group !== gid);
  if (others.length === 0) return '没有其他组';
  const hidden = others.length - MAX_GROUPS;
  return `其他组 ${others.slice(0, MAX_GROUPS).join(' ')}${hidden > 0 ? ` 等，另有 ${hidden} 个` : ''}`;
}
