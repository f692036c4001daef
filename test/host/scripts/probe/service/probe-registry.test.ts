import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { known } from '../../../../../src/model/fact.ts';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import { type RegistryHost, startRegistryHost } from '../../../../support/hosts/registry-host.ts';
import { SeededRandom, seedOfRun } from '../../../../support/random.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { factsOf, parseOutput, probe, probeOutput } from '../../../probe-run.ts';
import { hostSettings } from '../../../sample-settings.ts';
import { DASH, inTurn, SHELLS } from '../../../shells.ts';

/** The probe on the incident's host: a real registry whose storage lies behind two closed directories. */

const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv', 'curl', 'acl');
const NOBODY = { uid: 65534, gid: 65534, groups: [] };

describe('the probe of a registry that can’t reach its storage', { skip }, () => {
  let registry: RegistryHost;
  let host: HostSettings;

  before(async () => {
    registry = await startRegistryHost();
    host = hostSettings(registry.registrySettings());
    await registry.waitUntilUnwell();
  });
  after(() => registry?.stop());

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reports the facts of the host`, { skip: shell.skip }, (t) => {
      const facts = factsOf(probe(shell, host));
      const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      const [, bootedAt] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? [];
      assert.equal(facts.hostname, hostname());
      assert.deepEqual(facts.bootId, known(bootId));
      assert.deepEqual(facts.bootedAt, known(Number(bootedAt)));
      assert.equal(facts.probe.user, 'root');
      assert.ok(Math.abs(facts.takenAt - Date.now() / 1000) < 60);
      t.diagnostic(`the script says it took ${facts.probe.scriptMs} ms for ${facts.nodes.length} nodes`);
    });

    test(`${shell.name}: the probe reports the registry’s config and its running process with the process’s identity`, {
      skip: shell.skip,
    }, () => {
      const facts = factsOf(probe(shell, host));
      const { name, uid, gid } = registry.serviceUser;
      const address = (url: string) => url.slice('http://'.length);
      assert.deepEqual(
        facts.config,
        known({
          path: host.registry.config,
          storageDriver: 'filesystem',
          rootDirectory: registry.storageRoot,
          httpAddress: address(registry.url),
          debugAddress: address(registry.debugUrl),
          storageHealthCheck: true,
          readOnlyMaintenance: false,
          database: false,
          redis: false,
          tokenCertificate: null,
          pullThrough: false,
          paths: [],
        }),
      );
      const capabilities = { dacOverride: false, dacReadSearch: false };
      assert.ok(facts.process.state === 'known');
      assert.partialDeepStrictEqual(facts.process.value, {
        pid: registry.pid,
        command: `docker-registry serve ${registry.configFile}`,
        identity: { user: name, uid, gid, groups: [], ...capabilities },
        mountNamespace: 'same',
      });
      assert.deepEqual(facts.account, known({ user: name, uid, gid, groups: [gid], ...capabilities }));
    });

    test(`${shell.name}: the probe reports both closed directories and the unreachable storage`, {
      skip: shell.skip,
    }, () => {
      const facts = factsOf(probe(shell, host));
      const denied = facts.searchTries.filter(({ answer }) => answer.result === 'denied').map(({ path }) => path);
      assert.deepEqual(
        denied,
        registry.blockers.map(({ path }) => path),
      );
      const outOfReach = known({ result: 'denied' });
      assert.deepEqual(facts.rootTries, { stat: outOfReach, list: outOfReach, create: outOfReach });
      assert.deepEqual(facts.storageRoot, known(registry.storageRoot));
      assert.equal(facts.mounts.state === 'known' && facts.mounts.value[0]?.mountPoint, '/');
    });

    test(`${shell.name}: the probe reports the registry's own log`, { skip: shell.skip }, () => {
      const { v2, health } = factsOf(probe(shell, host));
      assert.partialDeepStrictEqual(v2, { state: 'known', value: { url: `${registry.url}/v2/`, status: 503 } });
      assert.match(JSON.stringify(v2), /health check failed/);
      assert.partialDeepStrictEqual(health, {
        state: 'known',
        value: { url: `${registry.debugUrl}/debug/health`, status: 503 },
      });
      assert.match(JSON.stringify(health), /permission denied/);
    });

    test(`${shell.name}: without root, the probe reports what it can’t see as unknown`, { skip: shell.skip }, () => {
      const facts = factsOf(probe(shell, host, { as: NOBODY }));
      const [ops] = registry.blockers;
      const why = { code: 'login-not-root', detail: 'nobody' };
      assert.deepEqual(facts.probe.uid, 65534);
      assert.deepEqual(facts.triedAs, { state: 'unknown', why });
      assert.deepEqual(facts.rootTries.stat, { state: 'unknown', why });
      assert.deepEqual(facts.searchTries, []);
      const last = facts.nodes.findIndex(({ path }) => path === registry.path('disk4t'));
      assert.deepEqual(facts.nodes[last], {
        state: 'unseen',
        path: registry.path('disk4t'),
        why: { code: 'not-permitted' },
      });
      assert.equal(facts.nodes[last - 1]?.path, ops?.path);
      assert.equal(facts.process.state === 'known' && facts.process.value.mountNamespace, 'unknown');
      assert.equal(facts.config.state, 'known');
    });
  }

  test('probe output that is cut anywhere is rejected as malformed and never read as facts', () => {
    const output = probeOutput(DASH, host);
    assert.equal(parseOutput(output).kind, 'facts');
    for (let length = 0; length < output.length; length += 1 + Math.floor(length / 97)) {
      assert.equal(parseOutput(output.subarray(0, length)).kind, 'malformed', `cut after ${length} bytes`);
    }
    for (let length = output.length - 200; length < output.length; length += 1) {
      assert.equal(parseOutput(output.subarray(0, length)).kind, 'malformed', `cut after ${length} bytes`);
    }
  });

  test('probe output with any one byte changed is either read or rejected, and never throws', (t) => {
    const output = probeOutput(DASH, host);
    const seed = seedOfRun();
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    for (let round = 0; round < 1000; round += 1) {
      const changed = Buffer.from(output);
      for (let count = 1 + random.int(3); count > 0; count -= 1) changed[random.int(changed.length)] = random.int(256);
      assert.doesNotThrow(() => parseOutput(changed));
    }
  });

  test('probe output with a field duplicated, missing or out of order is rejected as malformed', () => {
    const output = probeOutput(DASH, host);
    const fields = output.toString('latin1').split(/(?<=^(?:[^\0]*\0[^\0]*\0)+)/);
    const rejoined = (parts: readonly string[]) => parseOutput(Buffer.from(parts.join(''), 'latin1')).kind;
    assert.ok(fields.length > 30);
    for (const [index, field] of fields.entries()) {
      assert.equal(rejoined(fields.toSpliced(index, 1)), 'malformed', `without field ${index}`);
      assert.equal(rejoined(fields.toSpliced(index, 0, field)), 'malformed', `field ${index} twice`);
      const next = fields[index + 1];
      if (next === undefined) continue;
      assert.equal(rejoined(fields.toSpliced(index, 2, next, field)), 'malformed', `field ${index} behind the next`);
    }
  });
});
