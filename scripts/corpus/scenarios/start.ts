import { once } from 'node:events';
import { createServer } from 'node:net';
import type { FindingId } from '../../../src/model/diagnosis/finding.ts';
import { freePort } from '../../../test/support/services/free-port.ts';
import type { Ground } from '../ground/ground.ts';
import { emptyRoot, incident } from '../ground/layouts.ts';
import type { RegistryChoice, Scenario, Scene } from '../scenario.ts';
import { built, healthy } from './rows.ts';

/** The storage is sound, and the registry ends at its start for another reason, which its log names. */
export const startScenarios: readonly Scenario[] = [...listening(), ...configs(), ...others(), ...lookAlikes()];

function ends(
  name: string,
  findings: readonly FindingId[],
  choose: (ground: Ground) => RegistryChoice | Promise<RegistryChoice>,
  scene: (ground: Ground) => Scene = incident,
): Scenario {
  return built('start', name, { findings, plan: 'none', never: ['storage-empty'] }, async (ground) => ({
    ...scene(ground),
    registry: { state: 'ends', log: 'usual', ...(await choose(ground)) },
  }));
}

function listening(): readonly Scenario[] {
  return [
    // An address for documentation (RFC 5737), which no machine has.
    ends('its address is none of this host', ['address-unavailable'], () => ({ address: '192.0.2.1:5000' })),
    ends('its port is a low one, and it is not root', ['port-not-permitted'], () => ({ address: '127.0.0.1:443' })),
    ends('the port of its debug address is taken', ['port-taken'], async (ground) => {
      const port = await freePort();
      const server = createServer((socket) => socket.end('HTTP/1.0 404 Not Found\r\n\r\n')).listen(port, '127.0.0.1');
      await once(server, 'listening');
      ground.atEnd(() => server.close());
      return { debugAddress: `127.0.0.1:${port}` };
    }),
    ends(
      'its storage is new and empty, and its address is none of this host',
      ['address-unavailable'],
      () => ({ address: '192.0.2.1:5000' }),
      empty,
    ),
  ];
}

function empty(ground: Ground): Scene {
  return { storageRoot: emptyRoot(ground, 'srv/registry'), identity: ground.accounts.service() };
}

function configs(): readonly Scenario[] {
  const invalid = (name: string, choice: RegistryChoice, scene?: (ground: Ground) => Scene) =>
    ends(name, ['config-invalid'], () => choice, scene);
  return [
    invalid('its config names two storage drivers', { config: { storage: { inmemory: {} } } }),
    invalid('its environment adds a second storage driver', { environment: { REGISTRY_STORAGE_INMEMORY_X: 'y' } }),
    invalid('a tab in its config', { edit: (text) => text.replace('\nstorage:\n', '\nstorage:\n\tcache: null\n') }),
    invalid('a bare & in its config', { edit: (text) => `${text}notifications: &\n` }),
    invalid('a storage driver that is not built in', {
      config: { storage: { filesystem: null, 'no-such-driver': {} } },
    }),
    invalid('an empty config', { edit: () => '' }),
    invalid('a tab in its config, and an empty storage', { edit: (text) => `${text}\tx: y\n` }, empty),
  ];
}

function others(): readonly Scenario[] {
  return [
    ends('it caches another registry, which does not answer', ['upstream-unreachable'], () => ({
      config: { proxy: { remoteurl: 'http://127.0.0.1:9' } },
    })),
    ends('its memory is bounded too tightly', ['out-of-memory'], () => ({ within: ['prlimit', '--as=100000000'] })),
  ];
}

/** Odd, but it starts. */
function lookAlikes(): readonly Scenario[] {
  const starts = (name: string, registry: RegistryChoice) =>
    healthy(name, (ground) => ({ ...incident(ground), registry }));
  return [
    starts('an anchor and an alias in its config', {
      edit: (text) => `${text}notifications: &none {}\nx-copy: *none\n`,
    }),
    starts('an & in a quoted value', { config: { http: { headers: { 'X-Note': ['a & b'] } } } }),
    starts('its environment sets a key of its own driver', {
      environment: { REGISTRY_STORAGE_FILESYSTEM_MAXTHREADS: '50' },
    }),
    starts('two backends of one driver name, one in a comment', {
      edit: (text) => `# storage: {s3: {bucket: old}}\n${text}`,
    }),
    healthy('a program listens at its port on another address', async (ground) => {
      const port = await freePort();
      const server = createServer((socket) => socket.end()).listen(port, '127.0.0.2');
      await once(server, 'listening');
      ground.atEnd(() => server.close());
      return { ...incident(ground), registry: { address: `127.0.0.1:${port}` } };
    }),
  ];
}
