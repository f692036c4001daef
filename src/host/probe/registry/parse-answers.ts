import type { Fact } from '../../../model/fact.ts';
import type { HttpAnswer } from '../../../model/host/facts.ts';
import { textFromBytes } from '../../../model/host/host-path.ts';
import type { FieldValues } from '../../frame/field-values.ts';
import { type Sections, sectionOf } from '../../frame/sections.ts';
import { parseHttpAnswer } from './parse-http-answer.ts';

/** The registry's answers to HTTP requests. */
export type Answers = { readonly v2: Fact<HttpAnswer>; readonly health: Fact<HttpAnswer> };

export function parseAnswers(fields: FieldValues, sections: Sections): Answers {
  return { v2: parseAnswer(fields, sections, 'v2'), health: parseAnswer(fields, sections, 'health') };
}

function parseAnswer(fields: FieldValues, sections: Sections, name: 'v2' | 'health'): Fact<HttpAnswer> {
  const url = fields.fact(name, textFromBytes);
  return url.state === 'known' ? parseHttpAnswer(url.value, sectionOf(sections, name)) : url;
}
