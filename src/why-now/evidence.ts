import type { Evidence, EvidenceId } from '../model/why-now.ts';

const LONGEST_TEXT = 300;

/** One piece of evidence, with what its sentence is made from. */
export function evidence(id: EvidenceId, of: Partial<Omit<Evidence, 'id'>> = {}): Evidence {
  return { id, at: of.at ?? null, path: of.path ?? null, text: of.text?.slice(0, LONGEST_TEXT) ?? null };
}
