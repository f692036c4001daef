import { walkToShow } from '../../model/diagnosis/diagnosis.ts';
import { ClosingNumbers } from '../../model/record/closing-numbers.ts';
import type { ExportedIncident, ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { Words } from '../../words/index.ts';
import { diagnosisPicture } from '../picture/diagnosis-picture.ts';
import { type DiagnosisReport, diagnosisReport } from './diagnosis-report.ts';

/**
 * The output of `audit export --json`. People write scripts against it: fields here stay, and a breaking change raises
 * `version`. Plans, decisions and entries are as they are on record, so that their hashes can be computed again.
 */
export type IncidentReport = Omit<ExportedIncident, 'version'> &
  Pick<ToldIncident, 'verifications' | 'entries'> & {
    readonly version: 1;
    /** Of the incident's last end. Null: it has not ended, or ended before anything was measured. */
    readonly numbers: ClosingNumbers | null;
    /** Each without its plan, which is under `plans`. `picture`: the path and the timeline as SVG, where there is a path. */
    readonly diagnoses: readonly (DiagnosisReport & { readonly picture: string | null })[];
  };

export function incidentReport(told: ToldIncident, words: Words): IncidentReport {
  const { version, writtenBy, language, incident, alerts, plans, messages, proof } = told.exported;
  const { verifications, entries } = told;
  return {
    version,
    writtenBy,
    language,
    incident,
    numbers: numbersOf(told),
    diagnoses: told.diagnoses.map((diagnosis) => ({
      ...diagnosisReport(diagnosis, null, words),
      picture: walkToShow(diagnosis).length === 0 ? null : diagnosisPicture(diagnosis, words).svg,
    })),
    plans,
    verifications,
    alerts,
    entries,
    messages,
    proof,
  };
}

/** The numbers of the incident's last end, as its entry has them. */
export function numbersOf({ entries }: Pick<ToldIncident, 'entries'>): ClosingNumbers | null {
  const last = entries.findLast(({ outcome }) => outcome['numbers'] !== undefined);
  return ClosingNumbers.safeParse(last?.outcome['numbers']).data ?? null;
}
