import { once } from 'node:events';
import { PRODUCT_VERSION } from '../../model/product-version.ts';
import type { DocumentForm } from '../../model/record/documents/document-form.ts';
import type { ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { Locale } from '../../model/settings/locale.ts';
import { checkExport } from '../../record/export/check-export.ts';
import { type DocumentWriter, documentWriter } from '../../telling/document/incident-document.ts';
import { ocsfEvent } from '../../telling/json/ocsf-event.ts';
import { wordsFor } from '../../words/index.ts';
import { visibleText } from '../../words/visible-text.ts';
import type { EntriesWanted } from '../../workflow/ports/audit-trail.ts';
import { type ExportSources, exportIncidents } from '../../workflow/record/export-incidents.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

type Wanted = {
  /** `ocsf`: the entries as events, one a line, without a proof. */
  readonly form: DocumentForm | 'ocsf';
  readonly entries: EntriesWanted;
  /** That its channel shares. JSON is for scripts, and is the same in every language. */
  readonly language: Locale;
};

/** `audit export`: one incident, or all in a period, with their proof. What the record itself contradicts is said, and still written. */
export async function exportDocument(
  { form, entries, language }: Wanted,
  sources: ExportSources,
  { console, stdout }: { readonly console: Console; readonly stdout: NodeJS.WriteStream },
): Promise<number> {
  const locale = form === 'json' || form === 'ocsf' ? 'en' : language;
  const writer = form === 'ocsf' ? EVENTS : documentWriter(form, wordsFor(locale));
  let written = 0;
  let isGood = true;
  for await (const told of exportIncidents(entries, sources, locale)) {
    if (written === 0) console.out(writer.head);
    console.out(writer.incident(told, 'incidentId' in entries));
    isGood = said(told, console) && isGood;
    written += 1;
    if (stdout.writableNeedDrain) await once(stdout, 'drain');
  }
  if (written === 0) return nothing(entries, console);
  console.out(writer.foot);
  return isGood ? EXIT.good : EXIT.notGood;
}

const EVENTS: DocumentWriter = {
  head: '',
  incident: ({ entries }) => entries.map((entry) => `${JSON.stringify(ocsfEvent(entry, PRODUCT_VERSION))}\n`).join(''),
  foot: '',
};

function nothing(entries: EntriesWanted, { err, words }: Console): number {
  err('incidentId' in entries ? words.cli.unknownIncident(entries.incidentId) : words.cli.NO_INCIDENT_THEN);
  return EXIT.usage;
}

/** Names what the record contradicts. True: nothing. What is not covered yet the document says itself. */
function said({ exported }: ToldIncident, { err, words }: Console): boolean {
  const { problems } = checkExport(exported, [], { kind: 'record' });
  const broken = problems.filter(({ kind }) => kind !== 'not-covered');
  for (const problem of broken) err(visibleText(words.documentCheck.exportProblem(problem)));
  return broken.length === 0;
}
