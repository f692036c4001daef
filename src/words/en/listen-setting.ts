import type { FindingOf } from '../../model/diagnosis/finding.ts';
import { code, type Phrase, say } from '../phrase.ts';

type Setting = Pick<FindingOf<'port-taken'>, 'key' | 'line' | 'variable'>;

const OF_OMNIBUS = {
  'http.addr': "registry['registry_http_addr']",
  'http.debug.addr': "registry['debug_addr']",
} as const;

/** Where an address of the registry is set: the key with its line, or the variable. */
export function settingOf({ key, line, variable }: Setting): Phrase {
  if (variable !== null) return say`the variable ${code(variable)} in the registry's environment`;
  const name = key ?? 'http.addr';
  const where = line === null ? [] : say`, line ${String(line)}`;
  return say`${code(name)} in the registry's config${where} (on GitLab Omnibus ${code(OF_OMNIBUS[name])})`;
}
