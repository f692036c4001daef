import type { FieldValues } from './field-values.ts';
import { MalformedOutput } from './malformed-output.ts';

/** What the probe's collectors printed while it walked the path, by section name. */
export type Sections = ReadonlyMap<string, Uint8Array>;

/**
 * Splits the output into sections. Each begins with a line of the nonce and its name; the newline before such a line is
 * not part of the previous section.
 *
 * @throws MalformedOutput if a section occurs twice, or text comes before the first
 */
export function readSections(fields: FieldValues, nonce: string): Sections {
  const bytes = Buffer.from(fields.bytes('sections'));
  // The shell's $(...) has removed the last newline.
  const output = Buffer.concat([Buffer.from('\n'), bytes, Buffer.from('\n')]);
  const mark = Buffer.from(`\n${nonce} `, 'latin1');
  const sections = new Map<string, Uint8Array>();
  let at = output.indexOf(mark);
  if (at !== 0 && bytes.length > 0) throw new MalformedOutput('unexpected', 'sections');
  while (at >= 0) {
    const nameEnd = output.indexOf(0x0a, at + mark.length);
    const name = output.toString('latin1', at + mark.length, nameEnd);
    const next = output.indexOf(mark, nameEnd);
    if (sections.has(name)) throw new MalformedOutput('repeated', name);
    sections.set(name, output.subarray(nameEnd + 1, next < 0 ? output.length - 1 : next));
    at = next;
  }
  return sections;
}

/** @throws MalformedOutput if the section is missing */
export function sectionOf(sections: Sections, name: string): Uint8Array {
  const section = sections.get(name);
  if (section === undefined) throw new MalformedOutput('missing', name);
  return section;
}
