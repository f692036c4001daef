import type { Fact } from '../model/fact.ts';
import type { HttpAnswer } from '../model/facts.ts';
import { textFromBytes } from '../model/host-path.ts';
import { parseHttpAnswer } from './parse-http-answer.ts';
import type { RecordFields } from './record-fields.ts';

/** What the registry itself said. */
export type Answers = { readonly v2: Fact<HttpAnswer>; readonly health: Fact<HttpAnswer> };

export function parseAnswers(fields: RecordFields): Answers {
  return { v2: parseAnswer(fields, 'v2'), health: parseAnswer(fields, 'health') };
}

function parseAnswer(fields: RecordFields, name: 'v2' | 'health'): Fact<HttpAnswer> {
  const url = fields.fact(name, textFromBytes);
  return url.state === 'known' ? parseHttpAnswer(url.value, fields.bytes(`${name}-answer`)) : url;
}
