import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { usedPaths, walkedPaths } from '../../../../src/host/probe/place/parse-used-paths.ts';
import { known, unknown } from '../../../../src/model/fact.ts';
import { RegistryConfig } from '../../../../src/model/host/facts.ts';

type Records = readonly (readonly [string, string])[];
const walked = (records: Records) => walkedPaths(records.map(([key, value]) => ({ key, value: Buffer.from(value) })));

const configOf = (...paths: RegistryConfig['paths']) =>
  known(
    RegistryConfig.parse({
      path: '/config.yml',
      storageDriver: 'filesystem',
      rootDirectory: '/r',
      httpAddress: null,
      debugAddress: null,
      storageHealthCheck: true,
      paths,
    }),
  );

test('a path that the registry uses is reported with its purpose, the config key that names it and who uses it', () => {
  assert.deepEqual(
    walked([
      ['used-path', 'htpasswd auth.htpasswd.path -'],
      ['used-path-at', '/a b/htpasswd'],
      ['used-path', 'token-key - 998 997 git'],
      ['used-path-at', '/key'],
    ]),
    [
      { role: 'htpasswd', key: 'auth.htpasswd.path', path: '/a b/htpasswd', usedBy: null },
      { role: 'token-key', key: null, path: '/key', usedBy: { uid: 998, gid: 997, user: 'git' } },
    ],
  );
});

test('the parser of the registry’s paths rejects a purpose without a path', () => {
  assert.throws(() => walked([['used-path', 'htpasswd - -']]), MalformedOutput);
});

test('the parser of the registry’s paths rejects an unknown purpose', () => {
  assert.throws(() =>
    walked([
      ['used-path', 'passwd - -'],
      ['used-path-at', '/etc/passwd'],
    ]),
  );
});

test('a configured path the probe never reached is listed as unknown, not dropped', () => {
  const [used] = usedPaths(
    [],
    new Map(),
    new Map(),
    configOf({ role: 'tls-key', key: 'http.tls.key', written: '/key' }),
  );
  assert.equal(used?.path, '/key');
  assert.deepEqual(used?.tries.read, unknown('not-looked-at'));
});

test('a relative path that the registry uses is resolved from the process’s working directory', () => {
  const paths = usedPaths(
    walked([
      ['used-path', 'htpasswd auth.htpasswd.path -'],
      ['used-path-at', '/srv/auth/htpasswd'],
    ]),
    new Map(),
    new Map(),
    configOf({ role: 'htpasswd', key: 'auth.htpasswd.path', written: 'auth/htpasswd' }),
  );
  assert.deepEqual(
    paths.map(({ path }) => path),
    ['/srv/auth/htpasswd'],
  );
});
