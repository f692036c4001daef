import { IncidentId } from '../../model/record/ids.ts';
import { incidentMarkdown } from '../../telling/markdown/incident-markdown.ts';
import type { Words } from '../../words/index.ts';
import type { AuditTrail } from '../../workflow/ports.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

/** `audit export INCIDENT`: the incident as Markdown, in the `words` that its channel shares. */
export async function exportMarkdown(
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
  console.out(incidentMarkdown(record, words));
  return EXIT.good;
}
