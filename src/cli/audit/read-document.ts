import { parsedJson } from '../../model/json.ts';
import type { DocumentForm } from '../../model/record/documents/document-form.ts';
import { ExportedIncident } from '../../model/record/documents/exported-incident.ts';
import { proofLinesIn } from '../../telling/document/proof-lines.ts';

/** A document of exported incidents. */
export type IncidentDocument = {
  readonly form: DocumentForm;
  readonly text: string;
  readonly incidents: readonly [ExportedIncident, ...ExportedIncident[]];
};

/** Reads a document in any form. Null: it is none, or its proof does not have the form of one. */
export function readDocument(text: string): IncidentDocument | null {
  const isJson = text.trimStart().startsWith('{');
  const values = isJson ? valuesIn(text) : proofLinesIn(text).flatMap((line) => valuesIn(line) ?? []);
  const parsed = values?.map((value) => ExportedIncident.safeParse(value)) ?? [];
  const [first, ...others] = parsed.flatMap(({ data }) => data ?? []);
  if (values === null || first === undefined || others.length + 1 !== parsed.length) return null;
  const incidents = [first, ...others] as const;
  const form = text.startsWith('<!doctype html>') ? 'html' : 'md';
  return { form: isJson ? 'json' : form, text, incidents: [...incidents] };
}

/** One value, or one on each line. Null: it is not JSON. */
function valuesIn(text: string): readonly unknown[] | null {
  const whole = parsedJson(text);
  if (whole !== undefined) return [whole];
  const lines = text.split('\n').filter((line) => line !== '');
  const values = lines.map(parsedJson);
  return values.includes(undefined) ? null : values;
}
