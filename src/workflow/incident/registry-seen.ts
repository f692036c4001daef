import type { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import type { FindingId } from '../../model/diagnosis/finding.ts';
import type { IncidentEntry } from '../../model/record/audit.ts';
import { isHealthy } from '../host/ask-registry.ts';

/** What the registry itself was seen to be. */
type Seen = 'well' | 'not-well';

/** What a diagnosis puts on record of the registry's own answer: nothing if it was not asked. */
export function registrySeen(diagnosis: Diagnosis): { registrySeen?: Seen } {
  if (isHealthy(diagnosis)) return { registrySeen: 'well' };
  const isSilent = diagnosis.findings.some(({ id, severity }) => DOWN.includes(id) && severity === 'fault');
  return isSilent || diagnosis.v2 !== null || diagnosis.health !== null ? { registrySeen: 'not-well' } : {};
}

/** A registry that gives no answer because it is down. */
const DOWN: readonly FindingId[] = ['registry-not-answering', 'service-not-running', 'restart-loop'];

/**
 * Whether the registry itself said that it was unhealthy since the incident was opened: to the newest diagnosis that got
 * an answer, else to who noticed the fault. A deeper look notices it behind a healthy answer.
 */
export function wasSeenUnhealthy(entries: readonly IncidentEntry[]): boolean {
  const opening = entries.findLastIndex(({ act }) => act === 'incident-opened' || act === 'incident-reopened');
  const answered = entries.slice(opening + 1).findLast(({ outcome }) => outcome['registrySeen'] !== undefined);
  if (answered !== undefined) return answered.outcome['registrySeen'] === 'not-well';
  const by = entries[opening]?.actor;
  return by?.kind !== 'bot' || by.part !== 'deep-look';
}
