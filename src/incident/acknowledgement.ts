import type { Actor } from '../model/record/actor.ts';
import type { AuditEntry } from '../model/record/audit.ts';

/** Who is on an incident, and since when. */
export type Acknowledgement = { readonly by: Actor; readonly at: string };

/**
 * Who is on the incident, by its entries in order: the last person who said so. Null: no one. An incident that ended and
 * is open again is no one's.
 */
export function acknowledgementIn(
  entries: readonly Pick<AuditEntry, 'act' | 'actor' | 'at' | 'outcome'>[],
): Acknowledgement | null {
  const last = entries.findLast((entry) => entry.act === 'incident-acknowledged' || isEnd(entry));
  return last?.act === 'incident-acknowledged' ? { by: last.actor, at: last.at } : null;
}

/** A diagnosis or a verification ends an incident only if the registry is healthy. */
function isEnd({ act, outcome }: Pick<AuditEntry, 'act' | 'outcome'>): boolean {
  switch (act) {
    case 'incident-resolved':
    case 'incident-closed':
      return true;
    case 'diagnosed':
      return outcome['verdict'] === 'healthy';
    case 'verified':
      return outcome['registry'] === 'well';
    default:
      return false;
  }
}
