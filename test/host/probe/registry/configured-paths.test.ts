import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverrides } from '../../../../src/host/probe/registry/parse-overrides.ts';
import { parseRegistryYaml } from '../../../../src/host/probe/registry/parse-registry-yaml.ts';
import { hostPath } from '../../../support/facts/facts-builder.ts';

/** `ROLE KEY PATH` of each. */
function pathsIn(file: string, ...environment: readonly string[]): string[] {
  const overrides = parseOverrides(environment.map((variable) => Buffer.from(variable)));
  const config = parseRegistryYaml(hostPath('/config.yml'), Buffer.from(`storage: inmemory\n${file}`), overrides);
  return config.state === 'known'
    ? config.value.paths.map(({ role, key, written }) => `${role} ${key} ${written}`)
    : [];
}

test('each file that the registry’s config names is reported with its key', () => {
  assert.deepEqual(
    pathsIn(
      'auth:\n  htpasswd: {realm: r, path: /a/htpasswd}\n  token: {rootcertbundle: /a/token.crt}\n' +
        'http:\n  tls:\n    certificate: /t/cert.pem\n    key: /t/key.pem\n    clientcas: [/t/ca1.pem, "/t/ca 2.pem"]\n' +
        '    letsencrypt: {cachefile: /t/acme}\n',
    ),
    [
      'htpasswd auth.htpasswd.path /a/htpasswd',
      'tls-certificate http.tls.certificate /t/cert.pem',
      'tls-key http.tls.key /t/key.pem',
      'acme-cache http.tls.letsencrypt.cachefile /t/acme',
      'token-certificate auth.token.rootcertbundle /a/token.crt',
      'tls-client-ca http.tls.clientcas /t/ca1.pem',
      'tls-client-ca http.tls.clientcas /t/ca 2.pem',
    ],
  );
});

test('an environment variable of the registry outranks its config file, and is named in place of the key', () => {
  assert.deepEqual(
    pathsIn('auth:\n  htpasswd: {path: /file}\n', 'REGISTRY_AUTH_HTPASSWD_PATH=/env', 'REGISTRY_HTTP_TLS_KEY=/key'),
    ['htpasswd REGISTRY_AUTH_HTPASSWD_PATH /env', 'tls-key REGISTRY_HTTP_TLS_KEY /key'],
  );
});

test('a registry that listens on a unix socket needs the socket’s directory', () => {
  assert.deepEqual(pathsIn('http: {net: unix, addr: /run/registry/registry.sock}\n'), [
    'socket-directory http.addr /run/registry',
  ]);
  assert.deepEqual(pathsIn('http: {net: unix, addr: /registry.sock}\n'), ['socket-directory http.addr /']);
  assert.deepEqual(pathsIn('http: {addr: /run/registry/registry.sock}\n'), []);
});

test('a value in the registry’s config that is empty or not text names no file', () => {
  assert.deepEqual(pathsIn('auth: {htpasswd: {path: ""}}\nhttp: {tls: {key: [a], clientcas: /one}}\n'), []);
});
