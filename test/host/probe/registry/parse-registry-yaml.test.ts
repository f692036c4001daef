import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOverrides } from '../../../../src/host/probe/registry/parse-overrides.ts';
import { parseRegistryYaml } from '../../../../src/host/probe/registry/parse-registry-yaml.ts';
import { known } from '../../../../src/model/fact.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';

const PATH = HostPath.parse('/config.yml');
const FILE =
  'storage:\n  filesystem:\n    rootdirectory: /file\nhttp:\n  addr: :5000\nhealth:\n  storagedriver:\n    enabled: true\n';

function read(file: string | Buffer, ...environment: readonly string[]) {
  return parseRegistryYaml(
    PATH,
    Buffer.from(file),
    parseOverrides(environment.map((variable) => Buffer.from(variable))),
  );
}

test('the parser of the registry’s config reads how the registry is set up', () => {
  assert.deepEqual(
    read(FILE),
    known({
      path: PATH,
      storageDriver: 'filesystem',
      rootDirectory: '/file',
      httpAddress: ':5000',
      debugAddress: null,
      storageHealthCheck: true,
      readOnlyMaintenance: false,
      database: false,
      redis: false,
      pullThrough: false,
      tokenCertificate: null,
      paths: [],
    }),
  );
});

test('the environment of the registry’s process outranks its config file', () => {
  const config = read(
    FILE,
    'REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=/env',
    'REGISTRY_HTTP_ADDR="127.0.0.1:1"',
    'REGISTRY_HTTP_DEBUG_ADDR=:2',
    'REGISTRY_HEALTH_STORAGEDRIVER_ENABLED=false',
  );
  assert.deepEqual(
    config,
    known({
      path: PATH,
      storageDriver: 'filesystem',
      rootDirectory: '/env',
      httpAddress: '127.0.0.1:1',
      debugAddress: ':2',
      storageHealthCheck: false,
      readOnlyMaintenance: false,
      database: false,
      redis: false,
      pullThrough: false,
      tokenCertificate: null,
      paths: [],
    }),
  );
});

test('a newline in an environment variable of the registry, which the probe sends as another byte, is restored', () => {
  const config = read(FILE, 'REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY="/a\\n\u0001\u0001b"');
  assert.equal(config.state === 'known' && config.value.rootDirectory, '/a\n\nb');
});

test('the registry’s health check is reported as off if its config does not mention it', () => {
  const config = read('storage: inmemory\n');
  assert.equal(config.state === 'known' && config.value.storageHealthCheck, false);
});

test('the filesystem driver has its default root if the registry’s config names none', () => {
  const config = read('storage: filesystem\n');
  assert.equal(config.state === 'known' && config.value.rootDirectory, '/var/lib/registry');
});

test('a registry whose driver stores nothing in a directory has no storage root', () => {
  const config = read('storage:\n  s3:\n    rootdirectory: /prefix\n');
  assert.equal(config.state === 'known' && config.value.rootDirectory, null);
});

test('the parser of the registry’s config reads the addresses and files that the service needs', () => {
  const config = read(
    `${FILE}database: {enabled: true}\nredis:\n  cache:\n    enabled: true\nauth:\n  token:\n    rootcertbundle: /token.crt\n`,
    'REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED=true',
  );
  assert.partialDeepStrictEqual(config, {
    state: 'known',
    value: { readOnlyMaintenance: true, database: true, redis: true, tokenCertificate: '/token.crt' },
  });
});

test('the parser of the registry’s config reads read-only maintenance, and does not confuse it with upload purging', () => {
  const readOnly = (maintenance: string) => {
    const config = read(`storage: {inmemory: {}, maintenance: ${maintenance}}\n`);
    return config.state === 'known' && config.value.readOnlyMaintenance;
  };
  assert.equal(readOnly('{readonly: {enabled: true}}'), true);
  assert.equal(readOnly('{readonly: {enabled: false}, uploadpurging: {enabled: true}}'), false);
  assert.equal(readOnly('{enabled: true}'), false);
});

test('the environment of the registry’s process outranks its config file’s maintenance setting', () => {
  const config = read(
    'storage:\n  inmemory: {}\n  maintenance:\n    readonly:\n      enabled: true\ndatabase: {enabled: true}\nauth: {token: {rootcertbundle: /a}}\n',
    'REGISTRY_STORAGE_MAINTENANCE_READONLY_ENABLED=false',
    'REGISTRY_DATABASE_ENABLED=false',
    'REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE=/b',
  );
  assert.partialDeepStrictEqual(config, {
    state: 'known',
    value: { readOnlyMaintenance: false, database: false, redis: false, tokenCertificate: '/b' },
  });
});

test('a variable of the registry’s environment that holds a section says the same as one for each key of it', () => {
  const config = read(FILE, 'REGISTRY_STORAGE_MAINTENANCE_READONLY={enabled: true}');
  assert.partialDeepStrictEqual(config, { state: 'known', value: { readOnlyMaintenance: true } });
});

test('a registry whose environment sets a section of its storage has an unknown config, because secrets are not read', () => {
  for (const name of ['REGISTRY_STORAGE', 'REGISTRY_STORAGE_FILESYSTEM']) {
    assert.deepEqual(read(FILE, `${name}=redacted`), { state: 'unknown', why: { code: 'storage-overridden' } });
  }
});

test('a registry config value that should be a mapping and is not switches nothing on', () => {
  const config = read('storage: {filesystem: {}, maintenance: true}\ndatabase: true\nredis: [a]\nauth: token\n');
  assert.partialDeepStrictEqual(config, {
    state: 'known',
    value: { readOnlyMaintenance: false, database: false, redis: false, tokenCertificate: null },
  });
});

const UNREADABLE: Readonly<Record<string, readonly [file: string | Buffer, code: string]>> = {
  'no storage driver': ['http:\n  addr: :5000\n', 'no-single-driver'],
  'two storage drivers': ['storage:\n  s3: {}\n  filesystem: {}\n', 'no-single-driver'],
  'broken YAML': ['storage: {\n', 'not-yaml'],
  'a key twice': ['storage: inmemory\nstorage: filesystem\n', 'not-yaml'],
  'bytes that are not UTF-8': [
    Buffer.from('storage:\n  filesystem:\n    rootdirectory: /\xff\n', 'latin1'),
    'not-utf8',
  ],
  'a list': ['- a\n', 'not-a-registry-config'],
  'aliases of aliases': [billionLaughs(), 'not-a-registry-config'],
};

for (const [what, [file, code]] of Object.entries(UNREADABLE)) {
  test(`a registry’s config is reported as unknown, with the reason: ${what}`, () =>
    assert.deepEqual(read(file), { state: 'unknown', why: { code } }));
}

function billionLaughs(): string {
  const lines = Array.from(
    { length: 12 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`,
  );
  return ['a0: &a0 x', ...lines, 'storage: inmemory', ''].join('\n');
}
