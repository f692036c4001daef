import type { FindingOf } from '../../model/diagnosis/finding.ts';
import { code, type Phrase, say } from '../phrase.ts';

type Setting = Pick<FindingOf<'port-taken'>, 'key' | 'line' | 'variable'>;

const OF_OMNIBUS = {
  'http.addr': "registry['registry_http_addr']",
  'http.debug.addr': "registry['debug_addr']",
} as const;

/** Where an address of the registry is set: the key with its line, or the variable. It begins and ends in Latin or with a bracket. */
export function settingOf({ key, line, variable }: Setting): Phrase {
  if (variable !== null) return say`Registry 的环境变量 ${code(variable)}`;
  const name = key ?? 'http.addr';
  const where = line === null ? [] : say`第 ${String(line)} 行，`;
  return say`Registry 配置项 ${code(name)}（${where}在 Omnibus 版 GitLab 中是 ${code(OF_OMNIBUS[name])}）`;
}
