import { canonicalHash, compactHash } from '../../hash/canonical-hash.ts';
import type { Act, AuditEntry, ChainedEntry } from '../../model/record/audit.ts';
import type { Incident } from '../../model/record/incident.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import type { RawEntry } from '../chain.ts';
import { type KeptValue, toldEntry } from '../erasable.ts';
import type { Readable } from './plans-walk.ts';

type Opening = Pick<AuditEntry, 'actor' | 'at' | 'outcome'>;

/** A host that can't be checked has an incident of its own. */
const OPENING: readonly Act[] = ['incident-opened', 'monitoring-lost'];

/** Where an incident is not what the entry that opened it tells. */
export function changedSinceOpening(incident: Incident, opening: Opening): readonly (keyof Incident)[] {
  const same = {
    host: opening.outcome['host'] === incident.host,
    openedBy: canonicalHash(opening.actor) === canonicalHash(incident.openedBy),
    openedAt: opening.at === incident.openedAt,
  };
  return (['host', 'openedBy', 'openedAt'] as const).filter((field) => !same[field]);
}

/** Compares incidents with the entries that opened them: all entries first, then all incidents. */
export class IncidentsWalk {
  /** `told`: the hash of what an incident is compared with; a record has very many. Null: the entry can't be read. */
  readonly #openings = new Map<number, { readonly sequence: number; readonly told: string | null }>();
  readonly #unreadable = new Set<number | null>();
  readonly #problems: RecordProblem[] = [];

  /** @param values what is kept beside the entry */
  addEntry(entry: ChainedEntry, values: readonly KeptValue[]): void {
    if (!OPENING.includes(entry.act) || entry.incidentId === null) return;
    const opening = readable(entry, values);
    this.#openings.set(entry.incidentId, { sequence: entry.sequence, told: opening && toldBy(opening) });
  }

  /** It might be the entry that opened the incident. */
  addUnreadable({ incidentId }: Pick<RawEntry, 'incidentId'>): void {
    this.#unreadable.add(incidentId);
  }

  addIncidents({ values, problems }: Readable<Incident>): void {
    this.#problems.push(...problems);
    // A row that can't be read is there, and named.
    for (const problem of problems) if (problem.kind === 'unreadable') this.#openings.delete(Number(problem.key));
    for (const incident of values) {
      const { id: incidentId } = incident;
      const opening = this.#openings.get(incidentId);
      this.#openings.delete(incidentId);
      if (opening === undefined) {
        if (!this.#unreadable.has(incidentId)) this.#problems.push({ kind: 'incident-never-opened', incidentId });
      } else if (opening.told !== null && opening.told !== hashOf(incident)) {
        this.#problems.push({ kind: 'incident-changed', incidentId, sequence: opening.sequence });
      }
    }
  }

  /** After all incidents. */
  problems(): readonly RecordProblem[] {
    const missing = [...this.#openings].map(
      ([incidentId, { sequence }]) => ({ kind: 'incident-missing', incidentId, sequence }) as const,
    );
    return [...this.#problems, ...missing];
  }
}

function hashOf({ host, openedBy, openedAt }: Pick<Incident, 'host' | 'openedBy' | 'openedAt'>): string {
  return compactHash({ host, openedAt, openedBy });
}

function toldBy({ outcome, actor, at }: Opening): string {
  return compactHash({ host: outcome['host'], openedAt: at, openedBy: actor });
}

/** Null: what is kept beside the entry can't be read, which is named on its own. */
function readable(entry: ChainedEntry, values: readonly KeptValue[]): AuditEntry | null {
  try {
    return toldEntry(entry, values);
  } catch {
    return null;
  }
}
