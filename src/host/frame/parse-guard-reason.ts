import { GuardReason } from '../../model/plan/guard-reason.ts';
import type { FieldValues } from './field-values.ts';
import { onOneLine, readReason } from './read-reason.ts';

/**
 * Parses the guard's reason for an outcome, `CODE` or `CODE VALUE...`. Any other text is kept as the host's own words.
 */
export function parseGuardReason(text: string): GuardReason {
  const [, code = '', value = ''] = /^(\S+)(?: (.*))?$/s.exec(text) ?? [];
  for (const candidate of candidates(code, value)) {
    const parsed = GuardReason.safeParse(candidate);
    if (parsed.success) return parsed.data;
  }
  return { code: 'host-said', said: onOneLine(text) };
}

/** The guard's reason in a field. Null: the field is empty, or an older guard does not report it. */
export function guardReasonIn(fields: FieldValues, key: string): GuardReason | null {
  const said = fields.all(key).length === 0 ? '' : fields.text(key);
  return said === '' ? null : parseGuardReason(said);
}

/** The possible readings of a value. The schema then picks the one that the code allows. */
function candidates(code: string, value: string): readonly unknown[] {
  if (value === '') return [{ code }];
  const [, action, detail = ''] = /^(\S+) (.*)$/s.exec(value) ?? [];
  const [, list, account, path] = /^(\S+) (\S+) (\/.*)$/s.exec(value) ?? [];
  const [, wanted, owner, mode, directory] = /^(\S+) (\S+) ([0-7]{1,4}) (\/.*)$/s.exec(value) ?? [];
  return [
    { code, path: value },
    { code, what: value },
    { code, tool: onOneLine(value) },
    { code, action: value },
    { code, action, detail: onOneLine(detail) },
    { code, list, account: account === '-' ? null : account, path },
    { code, wanted, owner, mode: mode?.padStart(4, '0'), path: directory },
    { code, because: readReason(value) },
  ];
}
