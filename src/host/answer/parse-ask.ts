import type { Malformed } from '../../model/host/malformed.ts';
import { orMalformed } from '../frame/malformed-output.ts';
import { readRecords } from '../frame/read-records.ts';
import { RecordFields } from '../frame/record-fields.ts';
import { readSections } from '../frame/sections.ts';
import { type Answers, parseAnswers } from '../probe/registry/parse-answers.ts';

export type ParsedAsk =
  | ({ readonly kind: 'answers' } & Answers)
  | { readonly kind: 'malformed'; readonly why: Malformed };

/** Reads the output of `askRequest`. Never throws for what a host printed. */
export function parseAsk(raw: Uint8Array, nonce: string): ParsedAsk {
  return orMalformed(() => {
    const fields = new RecordFields(readRecords(raw, { script: 'ask', nonce }));
    return { kind: 'answers' as const, ...parseAnswers(fields, readSections(fields, nonce)) };
  });
}
