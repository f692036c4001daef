import { type Fact, known, unknown } from '../../../model/fact.ts';
import { type ConfigFile, SyntaxTrouble } from '../../../model/host/config-file.ts';
import { type FieldValues, linesOf } from '../../frame/field-values.ts';

const MAX_KEYS = 128;
const KEY = /^([1-9]\d{0,5}) ([A-Za-z0-9_.-]{1,64})$/;

/** The line number of each key in the registry's config file, and its first syntax error, as `registry-config.awk` reports them. */
export function parseConfigLines(fields: FieldValues): Fact<ConfigFile> {
  const [lines] = fields.all('config-lines');
  const [syntax] = fields.all('config-syntax');
  if (lines === undefined || syntax === undefined) return unknown('config-not-read');
  const keys = linesOf(lines).flatMap((text) => {
    const [, line, key] = KEY.exec(text) ?? [];
    return line === undefined || key === undefined ? [] : [{ line: Number(line), key }];
  });
  return known({ keys: keys.slice(0, MAX_KEYS), syntax: syntaxIn(linesOf(syntax)[0] ?? '') });
}

function syntaxIn(text: string): ConfigFile['syntax'] {
  const [, line, word] = /^([1-9]\d{0,5}) ([a-z]+)$/.exec(text) ?? [];
  const what = SyntaxTrouble.safeParse(word).data;
  return line === undefined || what === undefined ? null : { line: Number(line), what };
}
