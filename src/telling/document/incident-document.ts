import type { DocumentForm } from '../../model/record/documents/document-form.ts';
import type { ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { Words } from '../../words/index.ts';
import { incidentReport } from '../json/incident-report.ts';
import { incidentBlocks } from '../markdown/incident-blocks.ts';
import { htmlFoot, htmlHead, htmlIncident } from './incident-html.ts';
import { proofLines } from './proof-lines.ts';

/** The texts of a document: `head`, one for each incident, `foot`. */
export type DocumentWriter = {
  readonly head: string;
  /** `isOnly`: the document has no other incident. JSON is then indented; else it has one line for each. */
  readonly incident: (told: ToldIncident, isOnly: boolean) => string;
  readonly foot: string;
};

/**
 * Writes incidents for a later reader, each with its proof. The same exported incident gives the same text, so that the text can be
 * compared with its proof.
 */
export function documentWriter(form: DocumentForm, words: Words): DocumentWriter {
  switch (form) {
    case 'json':
      return {
        head: '',
        incident: (told, isOnly) => `${JSON.stringify(incidentReport(told, words), null, isOnly ? 2 : 0)}\n`,
        foot: '',
      };
    case 'md':
      return {
        head: '',
        incident: (told) => `${[...incidentBlocks(told, words, null), ...proofLines(told, 'md')].join('\n\n')}\n`,
        foot: '',
      };
    case 'html':
      return { head: htmlHead(words), incident: (told) => htmlIncident(told, words), foot: htmlFoot };
  }
}

/** A document with one incident. */
export function wholeDocument(form: DocumentForm, told: ToldIncident, words: Words): string {
  const { head, incident, foot } = documentWriter(form, words);
  return `${head}${incident(told, true)}${foot}`;
}
