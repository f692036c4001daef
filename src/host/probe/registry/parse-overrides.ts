import { parseDocument } from 'yaml';

/** The variables of the live process that override its config file, by name. */
export type Overrides = ReadonlyMap<string, string>;

/** Newlines inside a variable are sent as this byte. */
const NEWLINE_ON_THE_WAY = String.fromCharCode(1);

/** `NAME=VALUE` of the live process's environment. The registry reads each value as YAML (distribution, parser.go). */
export function parseOverrides(variables: readonly Uint8Array[]): Overrides {
  const overrides = new Map<string, string>();
  for (const bytes of variables) {
    const text = new TextDecoder().decode(bytes).replaceAll(NEWLINE_ON_THE_WAY, '\n');
    const equals = text.indexOf('=');
    const value: unknown = parseDocument(text.slice(equals + 1), { schema: 'failsafe', logLevel: 'silent' }).toJS();
    if (typeof value === 'string') overrides.set(text.slice(0, equals), value);
  }
  return overrides;
}
