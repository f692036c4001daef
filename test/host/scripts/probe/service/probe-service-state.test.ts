import assert from 'node:assert/strict';
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { absent, known, unknown } from '../../../../../src/model/fact.ts';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../../fake-registry.ts';
import { runParts } from '../../../guard-parts.ts';
import { configuredHost, factsOf, type ProbeOptions, probe } from '../../../probe-run.ts';
import { ScratchTree } from '../../../scratch-tree.ts';
import { selfSigned } from '../../../self-signed.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../../shells.ts';
import { elsewhere, instead } from '../other-tree.ts';

/** How the service is kept, who listens on its port, what its tokens are checked with: real sockets, keys and files. */

const skip = skipUnless('linux', 'root', 'busybox', 'setpriv', 'openssl', 'mount-namespaces');
const NOBODY = { uid: 65534, gid: 65534, groups: [] };
/** Nothing is to be asked over the network here. */
const ASKED_NOWHERE = { url: 'http://127.0.0.1:1', debugUrl: null };

function stateBy(shell: Shell, host: HostSettings, options: ProbeOptions = {}) {
  const { service } = factsOf(probe(shell, host, options));
  return service.state === 'known' ? service.value : assert.fail(JSON.stringify(service));
}

function keyPair(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

/** Of the public key's PEM, as openssl(1) prints it. */
function digestOf(key: KeyObject): string {
  const pem = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' })).export({ type: 'spki', format: 'pem' });
  return createHash('sha256').update(pem).digest('hex');
}

test('the probe passes a unit’s name from a cgroup to systemctl as a name, never as an option', { skip }, () => {
  const tree = new ScratchTree();
  const names = ['-Hattacker.service', '-Mx.service', 'registry.service', 'registry@2.service'];
  for (const shell of SHELLS) {
    if (shell.skip) continue;
    const told = names.map((name, number) => {
      mkdirSync(tree.at(`${shell.name}-${number}`), { recursive: true });
      writeFileSync(tree.at(`${shell.name}-${number}/cgroup`), `0::/user.slice/${name}\n`);
      const program = `process_state=found process_pid='../${tree.at(`${shell.name}-${number}`)}'\nfind_unit\necho "$registry_unit"`;
      return runParts(shell, ['probe/service-state.sh'], program).toString().trim();
    });
    const usual = 'docker-registry.service registry.service distribution.service container-registry.service';
    assert.deepEqual(told, [usual, usual, 'registry.service', 'registry@2.service'], shell.name);
  }
  tree.remove();
});

describe('the probe finds which process listens on the registry’s port', { skip }, () => {
  let tree: ScratchTree;
  let server: Server;
  let port: number;
  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : assert.fail();
  });
  after(() => {
    server?.close();
    tree?.remove();
  });

  const hostAt = (address: string, more = ''): HostSettings => {
    const host = configuredHost(tree, `${tree.root}/root`, `http: {addr: "${address}"${more}}\n`);
    return { ...host, registry: { ...host.registry, ...ASKED_NOWHERE } };
  };
  const self = () => ({ port, pid: process.pid, command: readFileSync('/proc/self/comm', 'utf8').trim() });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe finds the process that holds the registry’s port`, { skip: shell.skip }, () => {
      for (const address of [`127.0.0.1:${port}`, `:${port}`, `localhost:${port}`, `0.0.0.0:${port}`]) {
        assert.deepEqual(stateBy(shell, hostAt(address)).listeners, known([self()]), address);
      }
      assert.deepEqual(stateBy(shell, hostAt('127.0.0.1:1', `, debug: {addr: ":${port}"}`)).listeners, known([self()]));
    });

    test(`${shell.name}: the probe finds no listener if none exists or none uses the registry’s address`, {
      skip: shell.skip,
    }, () => {
      for (const address of [`127.0.0.2:${port}`, '127.0.0.1:1']) {
        assert.deepEqual(stateBy(shell, hostAt(address)).listeners, known([]), address);
      }
    });

    test(`${shell.name}: without root, the probe reports the process that holds the port as unknown`, {
      skip: shell.skip,
    }, () => {
      const seen = stateBy(shell, hostAt(`127.0.0.1:${port}`), { as: NOBODY }).listeners;
      assert.deepEqual(seen, known([{ port, pid: null, command: null }]));
    });

    test(`${shell.name}: the probe reports no listener for a config without an address`, { skip: shell.skip }, () => {
      const seen = stateBy(shell, hostAt('nonsense')).listeners;
      assert.deepEqual(seen, unknown('address-unknown'));
    });
  }

  test('the probe does not report the registry itself as another holder of its port', async () => {
    const host = hostAt(`127.0.0.1:${port}`);
    const registry: FakeRegistry = await startFakeRegistry(tree, { args: ['serve', host.registry.config] });
    assert.deepEqual(
      stateBy(DASH, host).listeners,
      known([self()]),
      'its own sockets come first, then those of others',
    );
    await registry.stop();
  });
});

describe('the probe reads the certificates that tokens are checked with', { skip }, () => {
  const key = keyPair();
  const other = keyPair();
  let tree: ScratchTree;
  let certificate: string;
  let foreign: string;
  before(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    certificate = selfSigned(tree.root.toString(), key);
    foreign = selfSigned(tree.root.toString(), other, 1);
  });
  after(() => tree?.remove());

  const hostWith = (bundle: string, layout: 'omnibus' | 'distribution' = 'distribution'): HostSettings => {
    const auth = `auth: {token: {realm: r, rootcertbundle: ${JSON.stringify(bundle)}}}\n`;
    const host = configuredHost(tree, `${tree.root}/root`, `http: {addr: "127.0.0.1:1"}\n${auth}`);
    return { ...host, registry: { ...host.registry, ...ASKED_NOWHERE, layout } };
  };
  /** An Omnibus GitLab whose Rails signs with this file. */
  const signingWith = (shell: Shell, content: string, mode = 0o600): Shell => {
    const opt = `${tree.root}/opt-${shell.name.replace(' ', '-')}`;
    mkdirSync(`${opt}/gitlab/gitlab-rails/etc`, { recursive: true });
    writeFileSync(`${opt}/gitlab/gitlab-rails/etc/gitlab-registry.key`, content, { mode });
    return elsewhere(shell, instead('/var/opt', opt));
  };
  const pem = (of: KeyObject) => of.export({ type: 'pkcs8', format: 'pem' }).toString();

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reports a token certificate with its dates`, { skip: shell.skip }, () => {
      const { tokenTrust } = stateBy(shell, hostWith(certificate));
      assert.partialDeepStrictEqual(tokenTrust, {
        state: 'known',
        value: { certificatePath: certificate, certificateKeyDigest: known(digestOf(key)), signingKeyPath: absent },
      });
      const { notBefore, notAfter } = tokenTrust.state === 'known' ? tokenTrust.value : assert.fail();
      assert.ok(notBefore.state === 'known' && Math.abs(notBefore.value - Date.now() / 1000) < 600);
      assert.ok(notAfter.state === 'known' && notBefore.state === 'known');
      assert.equal(notAfter.value - notBefore.value, 30 * 86_400);
    });

    test(`${shell.name}: the probe compares an Omnibus GitLab’s own token key with the registry’s certificate`, {
      skip: shell.skip,
    }, () => {
      const digests = (content: string) => {
        const { tokenTrust } = stateBy(signingWith(shell, content), hostWith(certificate, 'omnibus'));
        const trust = tokenTrust.state === 'known' ? tokenTrust.value : assert.fail();
        assert.deepEqual(trust.signingKeyPath, known('/var/opt/gitlab/gitlab-rails/etc/gitlab-registry.key'));
        return [trust.certificateKeyDigest, trust.signingKeyDigest];
      };
      assert.deepEqual(digests(pem(key)), [known(digestOf(key)), known(digestOf(key))]);
      assert.deepEqual(digests(pem(other)), [known(digestOf(key)), known(digestOf(other))]);
      assert.deepEqual(digests('hush'), [known(digestOf(key)), unknown('not-a-private-key')]);
    });

    test(`${shell.name}: the probe reports the certificate in a token bundle that matches the key`, {
      skip: shell.skip,
    }, () => {
      const bundle = `${tree.root}/bundle.pem`;
      writeFileSync(bundle, `notes\n${readFileSync(foreign, 'utf8')}${readFileSync(certificate, 'utf8')}`, {
        mode: 0o644,
      });
      const digest = (content: string) => {
        const { tokenTrust } = stateBy(signingWith(shell, content), hostWith(bundle, 'omnibus'));
        return tokenTrust.state === 'known' && tokenTrust.value.certificateKeyDigest;
      };
      assert.deepEqual(digest(pem(key)), known(digestOf(key)));
      assert.deepEqual(digest(pem(keyPair())), known(digestOf(other)));
    });

    test(`${shell.name}: the probe reports a token bundle that is missing, invalid or unreadable`, {
      skip: shell.skip,
    }, () => {
      const digest = (bundle: string, options: ProbeOptions = {}) => {
        const { tokenTrust } = stateBy(shell, hostWith(bundle), options);
        return tokenTrust.state === 'known' && tokenTrust.value.certificateKeyDigest;
      };
      assert.deepEqual(digest(`${tree.root}/nothere`), unknown('not-there'));
      const junk = `${tree.root}/junk`;
      writeFileSync(junk, '-----BEGIN CERTIFICATE-----\nhush\n-----END CERTIFICATE-----\n');
      assert.deepEqual(digest(junk), unknown('not-a-certificate'));
      writeFileSync(junk, 'hush\n');
      assert.deepEqual(digest(junk), unknown('not-a-certificate'));
      chmodSync(junk, 0o600);
      assert.deepEqual(digest(junk, { as: NOBODY }), unknown('not-permitted'));
    });

    test(`${shell.name}: the probe reports no token certificate for a registry without token authentication`, {
      skip: shell.skip,
    }, () => {
      const host = configuredHost(tree, `${tree.root}/root`);
      assert.deepEqual(
        stateBy(shell, { ...host, registry: { ...host.registry, ...ASKED_NOWHERE } }).tokenTrust,
        absent,
      );
    });
  }
});

describe('the probe asks which service manager runs the registry', { skip }, () => {
  let tree: ScratchTree;
  beforeEach(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
  });
  afterEach(() => tree.remove());

  const host = (layout: 'omnibus' | 'distribution'): HostSettings => {
    const plain = configuredHost(tree, `${tree.root}/root`, 'http: {addr: "127.0.0.1:1"}\n');
    return { ...plain, registry: { ...plain.registry, ...ASKED_NOWHERE, layout } };
  };
  const underRunit = (shell: Shell, stat: string) => {
    const supervise = `${tree.root}/opt/gitlab/service/registry/supervise`;
    mkdirSync(supervise, { recursive: true });
    writeFileSync(`${supervise}/stat`, stat);
    writeFileSync(`${supervise}/pid`, '7\n');
    utimesSync(`${supervise}/pid`, 1_760_000_000, 1_760_000_000);
    return stateBy(elsewhere(shell, instead('/opt', `${tree.root}/opt`)), host('omnibus')).supervision;
  };

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    for (const [stat, state] of [
      ['run\n', 'running'],
      ['run, got TERM\n', 'running'],
      ['down\n', 'stopped'],
      ['down, want up\n', 'restarting'],
      ['finish\n', 'restarting'],
    ] as const) {
      test(`${shell.name}: the probe reports the registry’s state as runit says ${stat.trim()}`, {
        skip: shell.skip,
      }, () => {
        const unit = '/opt/gitlab/service/registry';
        const since = known(1_760_000_000);
        assert.deepEqual(
          underRunit(shell, stat),
          known({ manager: 'runit', unit, state, restarts: absent, since, result: null }),
        );
      });
    }

    test(`${shell.name}: the probe reports a runit that has no registry service or can’t be asked`, {
      skip: shell.skip,
    }, () => {
      const none = elsewhere(shell, 'mount -t tmpfs x /opt\n');
      assert.deepEqual(stateBy(none, host('omnibus')).supervision, unknown('not-supervised'));
      const setup =
        'mount -t tmpfs x /opt\nmkdir -p /opt/gitlab/service/registry/supervise\nchmod 700 /opt/gitlab/service/registry/supervise\n';
      const identity = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];
      const closed = elsewhere({ ...shell, command: [...identity, ...shell.command] }, setup);
      assert.deepEqual(stateBy(closed, host('omnibus')).supervision, unknown('not-permitted'));
    });

    test(`${shell.name}: the probe asks systemd for the units that registries are packaged with`, {
      skip: shell.skip,
    }, () => {
      const bin = `${tree.root}/bin`;
      mkdirSync(bin);
      const monotonic = 5_000_000;
      const block = (id: string, load: string, rest: string) =>
        `Id=${id}\nLoadState=${load}\nStateChangeTimestampMonotonic=${monotonic}\n${rest}`;
      const shown = `${block('docker-registry.service', 'not-found', 'ActiveState=inactive\nSubState=dead\nNRestarts=0\n')}\n${block('registry.service', 'loaded', 'ActiveState=activating\nSubState=auto-restart\nNRestarts=17\nResult=exit-code\n')}`;
      writeFileSync(`${bin}/systemctl`, `#!/bin/sh\necho "$@" >>'${bin}/asked'\ncat <<'END'\n${shown}END\n`, {
        mode: 0o755,
      });
      const there = elsewhere(shell, 'mount -t tmpfs x /run\nmkdir -p /run/systemd/system\n');
      const { supervision } = stateBy(there, host('distribution'), { path: `'${bin}':/usr/sbin:/usr/bin:/sbin:/bin` });
      assert.partialDeepStrictEqual(supervision, {
        state: 'known',
        value: { manager: 'systemd', unit: 'registry.service', state: 'restarting', restarts: known(17) },
      });
      const [uptime] = readFileSync('/proc/uptime', 'utf8').split(' ').map(Number);
      const since = Date.now() / 1000 - (uptime ?? 0) + 5;
      const told =
        supervision.state === 'known' && supervision.value.since.state === 'known' && supervision.value.since.value;
      assert.ok(told !== false && Math.abs(told - since) < 5);
      assert.match(readFileSync(`${bin}/asked`, 'utf8'), /^show .* docker-registry\.service registry\.service /m);
    });

    test(`${shell.name}: on a systemd host without systemctl, the probe reports the service’s state as unknown`, {
      skip: shell.skip,
    }, () => {
      const bin = `${tree.root}/bin`;
      mkdirSync(bin);
      for (const program of [
        'sh',
        'stat',
        'readlink',
        'awk',
        'head',
        'tr',
        'grep',
        'id',
        'date',
        'cat',
        'ls',
        'sed',
        'tail',
        'setpriv',
      ]) {
        symlinkSync(`/usr/bin/${program}`, `${bin}/${program}`);
      }
      const there = elsewhere(shell, 'mount -t tmpfs x /run\nmkdir -p /run/systemd/system\n');
      const state = stateBy(there, host('distribution'), { path: `'${bin}'` });
      assert.deepEqual(state.supervision, unknown({ code: 'missing-on-host', detail: 'systemctl' }));
      assert.deepEqual(state.clockSynchronised, unknown('nothing-tells-of-clock'));
    });
  }

  test('on a host without runit and systemd, the probe reports the service manager as unknown', () => {
    const there = elsewhere(DASH, 'mount -t tmpfs x /run\n');
    const { supervision } = stateBy(there, host('distribution'));
    assert.deepEqual(supervision, unknown('no-service-manager'));
  });

  test('the probe reads whether the clock is synchronized with any program that the host has', () => {
    const bin = `${tree.root}/bin`;
    mkdirSync(bin);
    const only = (name: string, text: string) => {
      writeFileSync(`${bin}/${name}`, `#!/bin/sh\ncat <<'END'\n${text}END\n`, { mode: 0o755 });
      return stateBy(DASH, host('distribution'), { path: `'${bin}':/usr/sbin:/usr/bin:/sbin:/bin` }).clockSynchronised;
    };
    assert.deepEqual(only('busybox', '    mode:         0\n    status:       64 (UNSYNC)\n'), known(false));
    assert.deepEqual(only('busybox', '    mode:         0\n    status:       8193 (PLL)\n'), known(true));
    const synced = elsewhere(
      DASH,
      'mount -t tmpfs x /run\nmkdir -p /run/systemd/timesync\n: >/run/systemd/timesync/synchronized\n',
    );
    assert.deepEqual(stateBy(synced, host('distribution')).clockSynchronised, known(true));
  });
});
