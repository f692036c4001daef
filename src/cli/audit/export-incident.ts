import { IncidentId } from '../../model/record/ids.ts';
import type { IncidentRecord } from '../../model/record/record.ts';
import { incidentReport } from '../../telling/json/incident-report.ts';
import { incidentMarkdown } from '../../telling/markdown/incident-markdown.ts';
import { type Words, wordsFor } from '../../words/index.ts';
import type { AuditTrail } from '../../workflow/ports.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

const FORMS = {
  markdown: incidentMarkdown,
  // JSON is for scripts, and is the same in every language.
  json: (record: IncidentRecord) => `${JSON.stringify(incidentReport(record, wordsFor('en')), null, 2)}\n`,
};

/** `audit export INCIDENT`: the incident as JSON, or as Markdown in the `words` that its channel shares. */
export async function exportIncidentAs(
  form: keyof typeof FORMS,
  { incident, words }: { readonly incident: number; readonly words: Words },
  trail: AuditTrail,
  console: Console,
): Promise<number> {
  const id = IncidentId.parse(incident);
  const record = await trail.incidentRecord(id);
  if (record === null) {
    console.err(console.words.cli.unknownIncident(id));
    return EXIT.usage;
  }
  console.out(FORMS[form](record, words));
  return EXIT.good;
}
