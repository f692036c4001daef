import type { ConfiguredPath } from '../../../model/host/used-path.ts';
import type { Overrides } from './parse-overrides.ts';

/** The config keys that name a file or directory outside the storage, and the variable that overrides each. */
const PLACES: readonly (Pick<ConfiguredPath, 'role' | 'key'> & { readonly variable: string })[] = [
  { role: 'htpasswd', key: 'auth.htpasswd.path', variable: 'REGISTRY_AUTH_HTPASSWD_PATH' },
  { role: 'tls-certificate', key: 'http.tls.certificate', variable: 'REGISTRY_HTTP_TLS_CERTIFICATE' },
  { role: 'tls-key', key: 'http.tls.key', variable: 'REGISTRY_HTTP_TLS_KEY' },
  { role: 'acme-cache', key: 'http.tls.letsencrypt.cachefile', variable: 'REGISTRY_HTTP_TLS_LETSENCRYPT_CACHEFILE' },
  { role: 'token-certificate', key: 'auth.token.rootcertbundle', variable: 'REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE' },
];
const MAX_CLIENT_CAS = 16;

/** Reads the value at a nested key path of a config, or undefined. */
export type ReadKey = (...keys: readonly string[]) => unknown;

/**
 * The paths that a registry with this config opens (distribution, configuration.md: auth, http.tls, http.net).
 */
export function configuredPaths(at: ReadKey, overrides: Overrides): ConfiguredPath[] {
  const paths = PLACES.flatMap(({ role, key, variable }): ConfiguredPath[] => {
    const override = overrides.get(variable);
    if (override) return [{ role, key: variable, written: override }];
    const written = at(...key.split('.'));
    return typeof written === 'string' && written !== '' ? [{ role, key, written }] : [];
  });
  return [...paths, ...clientCas(at), ...socketDirectory(at, overrides)];
}

function clientCas(at: ReadKey): ConfiguredPath[] {
  const list = at('http', 'tls', 'clientcas');
  if (!Array.isArray(list)) return [];
  return list
    .filter((item): item is string => typeof item === 'string' && item !== '')
    .slice(0, MAX_CLIENT_CAS)
    .map((written) => ({ role: 'tls-client-ca', key: 'http.tls.clientcas', written }));
}

function socketDirectory(at: ReadKey, overrides: Overrides): ConfiguredPath[] {
  const net = overrides.get('REGISTRY_HTTP_NET') || at('http', 'net');
  const address = overrides.get('REGISTRY_HTTP_ADDR') || at('http', 'addr');
  if (net !== 'unix' || typeof address !== 'string' || !address.startsWith('/')) return [];
  return [{ role: 'socket-directory', key: 'http.addr', written: address.slice(0, address.lastIndexOf('/')) || '/' }];
}
