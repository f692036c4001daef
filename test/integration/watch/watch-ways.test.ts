import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { registryHttp } from '../../../src/compose/registry-http.ts';
import type { HostSettings } from '../../../src/model/settings/settings.ts';
import { isHealthy } from '../../../src/workflow/host/ask-registry.ts';
import { type LookMemory, lookAtRegistry, NO_LOOKS, tryLook } from '../../../src/workflow/host/look-at-registry.ts';
import { remoteHostFor, sshdFor } from '../../ssh/remote-host-fixture.ts';
import { ownAddress, portOf } from '../../support/hosts/own-address.ts';
import { type RegistryHost, startRegistryHost } from '../../support/hosts/registry-host.ts';
import { untilConnections } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { freePort } from '../../support/services/free-port.ts';

/** By which way a real registry is looked at, over a real sshd. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const ways = (look: { readonly failed: readonly { way: string }[]; readonly way: string }) => [
  ...look.failed.map(({ way }) => way),
  look.way,
];

describe('a health check of a monitored registry', { skip }, () => {
  let registry: RegistryHost;
  before(async () => {
    registry = await startRegistryHost({ closed: [] });
    await registry.waitUntilWell();
  });
  after(() => registry.stop());

  /** A host with this registry, and how one look follows on another. */
  const scene = async (
    t: Parameters<typeof sshdFor>[0],
    { sshd = [], url }: { sshd?: string[]; url?: string } = {},
  ) => {
    const server = await sshdFor(t, { config: sshd });
    const remote = remoteHostFor(t, server.knownHostsFile);
    const settings = { ...registry.registrySettings(), ...(url && { url }) };
    const host = server.hostSettings('git01', { registry: settings });
    const lookAgain = (memory: LookMemory, of: HostSettings = host, nowMs = 0) =>
      lookAtRegistry({ remote, http: registryHttp(remote), nowMs, mayConnect: async () => {} }, of, memory);
    const sessions = () => server.log().filter((line) => line.includes('Starting session')).length;
    return { server, remote, host, lookAgain, sessions };
  };

  test('monitoring learns the registry’s address from the guard, then checks it over one SSH connection and runs nothing on the host', async (t) => {
    const { server, lookAgain, sessions } = await scene(t);
    const first = await lookAgain(NO_LOOKS);
    assert.deepEqual(ways(first), ['guard']);
    let look = first;
    for (let round = 0; round < 5; round += 1) look = await lookAgain(look.memory);
    assert.deepEqual(ways(look), ['from-host']);
    assert.equal(look.answer.v2?.url, `${registry.url}/v2/`);
    assert.deepEqual([look.answer.v2?.status, look.answer.health?.status], [200, 200]);
    assert.equal((await server.connectionPids()).length, 1);
    assert.equal(sessions(), 1, 'only the guard was run, once');
  });

  test('monitoring asks a configured URL from the host at once, and looks up an address it found itself again after an hour', async (t) => {
    const { lookAgain } = await scene(t);
    const set = await scene(t, { url: registry.url });
    assert.deepEqual(ways(await set.lookAgain(NO_LOOKS)), ['from-host']);
    const { memory } = await lookAgain(NO_LOOKS);
    assert.deepEqual(ways(await lookAgain(memory, undefined, 59 * 60_000)), ['from-host']);
    assert.deepEqual(ways(await lookAgain(memory, undefined, 61 * 60_000)), ['guard']);
  });

  test('on a host whose sshd forbids forwarding, monitoring uses the guard and does not ask sshd again each time', async (t) => {
    const { server, lookAgain } = await scene(t, { sshd: ['AllowTcpForwarding no'] });
    let look = await lookAgain((await lookAgain(NO_LOOKS)).memory);
    assert.deepEqual(ways(look), ['from-host', 'guard']);
    assert.deepEqual([look.failed[0]?.forbidden, isHealthy(look.answer)], [true, true]);
    for (let round = 0; round < 5; round += 1) look = await lookAgain(look.memory);
    assert.deepEqual(ways(look), ['guard']);
    assert.equal(server.log().filter((line) => /refused local port forward/i.test(line)).length, 1);
    assert.equal((await server.connectionPids()).length, 1);
  });

  test('if nothing listens at the registry’s address, monitoring asks the guard, whose answer decides', async (t) => {
    const { lookAgain } = await scene(t, { url: `http://127.0.0.1:${await freePort()}` });
    const look = await lookAgain(NO_LOOKS);
    assert.deepEqual(ways(look), ['from-host', 'guard']);
    assert.equal(isHealthy(look.answer), false);
    assert.deepEqual(ways(await lookAgain(look.memory)), ['from-host', 'guard'], 'it may be the registry that is down');
  });

  test('if something that is not a registry answers at the registry’s address, monitoring asks the guard', async (t) => {
    const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const port = portOf(server);
    const { lookAgain } = await scene(t, { url: `http://127.0.0.1:${port}` });
    const look = await lookAgain(NO_LOOKS);
    assert.deepEqual(look.failed[0]?.why, { code: 'not-a-registry', url: `http://127.0.0.1:${port}/v2/` });
    assert.equal(look.way, 'guard');
  });

  test('one health check connects to an unreachable host only once', async (t) => {
    const { server, host, lookAgain } = await scene(t, { url: registry.url });
    const away = { ...host, ssh: { ...host.ssh, port: await freePort() } };
    const look = await lookAgain(NO_LOOKS, away);
    assert.deepEqual(ways(look), ['from-host']);
    assert.partialDeepStrictEqual(look.answer, { wasAsked: false, why: { code: 'no-answer' } });
    const stranger = { ...host, ssh: { ...host.ssh, address: 'localhost' } };
    assert.partialDeepStrictEqual((await lookAgain(NO_LOOKS, stranger)).answer.why, {
      why: { problem: { code: 'host-key-unknown' } },
    });
    await untilConnections(server, 0);
  });

  test('monitoring opens a new SSH connection after the old one died', async (t) => {
    const { server, lookAgain } = await scene(t, { url: registry.url });
    const { memory } = await lookAgain(NO_LOOKS);
    for (const pid of await server.connectionPids()) process.kill(pid, 'SIGKILL');
    const look = await lookAgain(memory);
    assert.deepEqual([ways(look), isHealthy(look.answer)], [['from-host'], true]);
  });

  test('check says how a host will be monitored, and why no cheaper method works', async (t) => {
    const free = await scene(t);
    const looking = { http: registryHttp(free.remote), remote: free.remote, nowMs: 0, mayConnect: async () => {} };
    assert.partialDeepStrictEqual(await tryLook(looking, free.host), {
      way: 'from-host',
      blindBecause: null,
      failed: [],
    });
    const watched = {
      ...free.host,
      watch: { intervalSeconds: 30, blindMinutes: 10, deepLookMinutes: 60, url: 'http://registry.invalid' },
    };
    assert.partialDeepStrictEqual(await tryLook(looking, watched), { way: 'from-host', failed: [{ way: 'from-bot' }] });
  });

  test('monitoring notices by each of its methods that the registry can’t reach its storage', {
    skip: ownAddress() === null,
  }, async (t) => {
    const { lookAgain, host } = await scene(t, { url: registry.url });
    const proxy = createServer(async (_, response) => {
      const { status } = await fetch(`${registry.url}/v2/`);
      response.writeHead(status).end('{"errors":[]}');
    }).listen(0, '0.0.0.0');
    await once(proxy, 'listening');
    t.after(() => proxy.close());
    const port = portOf(proxy);
    const url = `http://${ownAddress()}:${port}`;
    const fromBot = { ...host, watch: { intervalSeconds: 30, blindMinutes: 10, deepLookMinutes: 60, url } };
    assert.deepEqual(ways(await lookAgain(NO_LOOKS, fromBot)), ['from-bot']);
    registry.close('ops');
    await registry.waitUntilUnwell();
    for (const [of, way] of [
      [host, 'from-host'],
      [fromBot, 'from-bot'],
    ] as const) {
      const look = await lookAgain(NO_LOOKS, of);
      assert.deepEqual([ways(look), look.answer.v2?.status, isHealthy(look.answer)], [[way], 503, false]);
    }
  });
});
