import type { Evidence, EvidenceId } from '../../model/diagnosis/why-now.ts';

const MAX_TEXT = 300;

/** Whether a time is valid: its year has four digits. */
export function isTime(at: number): boolean {
  return at >= 0 && at <= 253_402_300_799;
}

/** One piece of evidence, with the data that its sentence shows. */
export function evidence(id: EvidenceId, of: Partial<Omit<Evidence, 'id'>> = {}): Evidence {
  const at = of.at ?? null;
  return {
    id,
    at: at === null || !isTime(at) ? null : at,
    path: of.path ?? null,
    text: of.text?.slice(0, MAX_TEXT) ?? null,
  };
}
