import type { FindingOf } from '../../../model/diagnosis/finding.ts';
import type { Facts } from '../../../model/host/facts.ts';
import { lineOfKey } from './config-lines.ts';

type Listens = Pick<FindingOf<'address-unavailable'>, 'address' | 'key' | 'line' | 'variable'>;

/** distribution's prefix to net.Listen's error for the debug server (registry/registry.go). */
const DEBUG = /debug interface/;
const ADDRESS = /\blisten [a-z0-9]+ (\S+): bind: /;

/** The address on which the registry could not listen, by its own message, and the key or variable that sets it. */
export function listensBy(facts: Facts, words: string): Listens {
  const address = ADDRESS.exec(words)?.[1] ?? null;
  const isDebug = DEBUG.test(words);
  const key = isDebug ? 'http.debug.addr' : 'http.addr';
  const configured = configuredAddress(facts, isDebug);
  if (configured !== null && address !== null && portOf(configured) !== portOf(address)) {
    const variable = isDebug ? 'REGISTRY_HTTP_DEBUG_ADDR' : 'REGISTRY_HTTP_ADDR';
    return { address, key: null, line: null, variable };
  }
  return { address, key, line: lineOfKey(facts, key), variable: null };
}

/** The address with this port, and the key or variable that sets it, for a taken port that no message names. */
export function listensAt(facts: Facts, port: number): Listens {
  const isDebug = portOf(configuredAddress(facts, true)) === port && portOf(configuredAddress(facts, false)) !== port;
  const key = isDebug ? 'http.debug.addr' : 'http.addr';
  return { address: configuredAddress(facts, isDebug), key, line: lineOfKey(facts, key), variable: null };
}

export function portOf(address: string | null): number | null {
  const port = Number(/:(\d{1,5})$/.exec(address ?? '')?.[1]);
  return port > 0 && port <= 65_535 ? port : null;
}

function configuredAddress({ config }: Facts, isDebug: boolean): string | null {
  if (config.state !== 'known') return null;
  return isDebug ? config.value.debugAddress : config.value.httpAddress;
}
