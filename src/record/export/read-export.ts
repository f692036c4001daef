import { z } from 'zod';
import { textHash } from '../../hash/canonical-hash.ts';
import { Diagnosis } from '../../model/diagnosis/diagnosis.ts';
import { Verification } from '../../model/plan/execution.ts';
import type { Act } from '../../model/record/audit.ts';
import { ChainedEntry } from '../../model/record/audit.ts';
import type { ExportedIncident, ToldIncident } from '../../model/record/documents/exported-incident.ts';
import type { RecordProblem } from '../../model/record/record.ts';
import { type KeptValue, toldEntry } from '../erasable.ts';
import { whyUnreadable } from '../unreadable.ts';

/** An entry as it is chained, and the values of which it has only digests. */
export type ExportedEntry = { readonly entry: ChainedEntry; readonly values: readonly KeptValue[] };

export type ReadExport = {
  readonly told: ToldIncident;
  readonly chained: readonly ExportedEntry[];
  readonly problems: readonly RecordProblem[];
};

/**
 * Reads what the proof of an exported incident holds. A document is written from nothing else, so that it can be written again from its
 * proof. What can't be read is left out, and is a problem.
 */
export function readExport(exported: ExportedIncident): ReadExport {
  const { incident, alerts, plans, messages, proof } = exported;
  const problems: RecordProblem[] = [];
  const read = <T>(schema: z.ZodType<T>, at: { table: string; key: string }, text: string, more: object = {}): T[] => {
    const parsed = parsedAs(schema, text, more);
    if ('value' in parsed) return [parsed.value];
    problems.push({ kind: 'unreadable', ...at, why: parsed.why });
    return [];
  };
  const chained: ExportedEntry[] = proof.entries.flatMap(({ canonical, values }, index) => {
    const key = `[${index}]`;
    const hash = textHash(canonical);
    return read(ChainedEntry, { table: 'audit_entries', key }, canonical, { hash }).map((entry) => ({ entry, values }));
  });
  const entries = chained.flatMap(({ entry, values }) => {
    try {
      return [toldEntry(entry, values)];
    } catch (error) {
      if (!(error instanceof z.ZodError) && !(error instanceof SyntaxError)) throw error;
      problems.push({
        kind: 'unreadable',
        table: 'entry_values',
        key: String(entry.sequence),
        why: whyUnreadable(error),
      });
      return [];
    }
  });
  const texts = new Map(proof.documents.map(({ digest, canonical }): [string, string] => [digest, canonical]));
  const bodiesOf = <T>(act: Act, about: 'diagnosis' | 'verification', schema: z.ZodType<T>) =>
    entries.flatMap(({ act: what, outcome: { digest }, sequence, at }) => {
      if (what !== act || typeof digest !== 'string') return [];
      const text = texts.get(digest);
      // Diagnoses can be erased, and are dropped by age.
      if (text === undefined && about === 'diagnosis') return [];
      if (text !== undefined && textHash(text) === digest) {
        const table = about === 'diagnosis' ? 'diagnoses' : 'verifications';
        return read(schema, { table, key: String(sequence) }, text).map((body) => ({ body, at }));
      }
      problems.push({ kind: 'body-disagrees', about, sequence });
      return [];
    });
  const diagnoses = bodiesOf('diagnosed', 'diagnosis', Diagnosis).map(({ body }) => body);
  const verifications = bodiesOf('verified', 'verification', Verification).map(({ body, at }) => ({
    verification: body,
    at,
  }));
  return {
    told: { incident, alerts, plans, diagnoses, verifications, entries, messages, exported },
    chained,
    problems,
  };
}

function parsedAs<T>(schema: z.ZodType<T>, text: string, more: object) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { why: whyUnreadable(error) };
    throw error;
  }
  const parsed = schema.safeParse(typeof value === 'object' ? { ...value, ...more } : value);
  return parsed.success ? { value: parsed.data } : { why: whyUnreadable(parsed.error) };
}
