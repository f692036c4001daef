import type { OutputFault } from '../../model/connection/output-fault.ts';
import { textFromBytes } from '../../model/host/host-path.ts';
import { FieldValues } from '../frame/field-values.ts';
import { orMalformed } from '../frame/malformed-output.ts';
import { readFields } from '../frame/read-fields.ts';
import { readSections } from '../frame/sections.ts';
import { type Answers, parseAnswers } from '../probe/registry/parse-answers.ts';

export type ParsedAsk =
  | ({ readonly kind: 'answers'; readonly isOnHostNetwork: boolean } & Answers)
  | { readonly kind: 'malformed'; readonly why: OutputFault };

/** Parses the guard's answer to `askRequest`. Never throws for what a host printed. */
export function parseAsk(raw: Uint8Array, nonce: string): ParsedAsk {
  return orMalformed(() => {
    const fields = new FieldValues(readFields(raw, { script: 'ask', nonce }));
    const [network] = fields.all('network');
    // An older guard does not report this field.
    const isOnHostNetwork = network !== undefined && textFromBytes(network) === 'host';
    return { kind: 'answers' as const, isOnHostNetwork, ...parseAnswers(fields, readSections(fields, nonce)) };
  });
}
