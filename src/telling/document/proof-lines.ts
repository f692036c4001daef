import type { ExportedIncident, ToldIncident } from '../../model/record/documents/exported-incident.ts';

/** What stands around the line of JSON from which a document can be written again. Neither form shows it to its readers. */
const AROUND = {
  md: ['<!-- registry-doctor proof', '-->'],
  html: ['<script type="application/json">', '</script>'],
} as const;

/** The line as a block of the document. No character in it could end the block. */
export function proofLines({ exported }: ToldIncident, form: keyof typeof AROUND): readonly [string] {
  const [before, after] = AROUND[form];
  return [`${before}\n${proofLine(exported)}\n${after}`];
}

/** The lines of JSON in a document of either form. */
export function proofLinesIn(text: string): readonly string[] {
  return text.match(PROOF_LINE) ?? [];
}

const PROOF_LINE = /^\{"version":1,.*\}$/gm;

function proofLine(exported: ExportedIncident): string {
  const escaped: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(exported).replace(/[<>&]/g, (character) => escaped[character] ?? '');
}
