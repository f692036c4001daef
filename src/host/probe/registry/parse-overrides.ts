import { parseDocument } from 'yaml';

/** The environment variables of the running process that override its config file, by name. */
export type Overrides = ReadonlyMap<string, string>;

/** The byte that the probe sends in place of a newline inside a variable. */
const NEWLINE_ON_THE_WAY = String.fromCharCode(1);

/**
 * Parses `NAME=VALUE` of the running process's environment. The registry reads each value as YAML (distribution,
 * parser.go).
 */
export function parseOverrides(variables: readonly Uint8Array[]): Overrides {
  const overrides = new Map<string, string>();
  for (const bytes of variables) {
    const text = new TextDecoder().decode(bytes).replaceAll(NEWLINE_ON_THE_WAY, '\n');
    const equals = text.indexOf('=');
    const value: unknown = parseDocument(text.slice(equals + 1), { schema: 'failsafe', logLevel: 'silent' }).toJS();
    for (const [name, setting] of settingsIn(text.slice(0, equals), value)) overrides.set(name, setting);
  }
  return overrides;
}

/** The variables that say the same as this one, whose value can be a section: `READONLY={enabled: true}`. */
function settingsIn(name: string, value: unknown): readonly (readonly [name: string, value: string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => settingsIn(`${name}_${key.toUpperCase()}`, inner));
}
