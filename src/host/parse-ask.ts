import { orMalformed } from './malformed-output.ts';
import { type Answers, parseAnswers } from './parse-answers.ts';
import { readRecords } from './read-records.ts';
import { RecordFields } from './record-fields.ts';
import { readSections } from './sections.ts';

export type ParsedAsk = ({ readonly kind: 'answers' } & Answers) | { readonly kind: 'malformed'; readonly why: string };

/** Reads the output of `askRequest`. Never throws for what a host printed. */
export function parseAsk(raw: Uint8Array, nonce: string): ParsedAsk {
  return orMalformed(() => {
    const fields = new RecordFields(readRecords(raw, { script: 'ask', nonce }));
    return { kind: 'answers' as const, ...parseAnswers(fields, readSections(fields, nonce)) };
  });
}
