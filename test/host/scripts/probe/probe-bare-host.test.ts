import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { lacksOmnibus } from '../../../../src/diagnosis/checks/evidence/omnibus.ts';
import { guardOverStdin } from '../../../../src/host/request/guard-input.ts';
import { probeRequest } from '../../../../src/host/request/guard-request.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { Facts } from '../../../../src/model/host/facts.ts';
import { HostPath } from '../../../../src/model/host/host-path.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fake-registry.ts';
import { configuredHost, factsOf, parseOutput, probe } from '../../probe-run.ts';
import { hostSettings } from '../../sample-settings.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { BUSYBOX, inTurn, SHELLS } from '../../shells.ts';

/** Hosts without some programs, and logins without rights: nothing is guessed, and the rest still works. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl', 'busybox', 'curl', 'bash');
const NOBODY = { uid: 65534, gid: 65534, groups: [] };
const AS_SERVICE = ['--reuid 48211', '--regid 48212', '--groups 48213'];
const PROGRAM_DIRECTORIES = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];

/** A directory with these programs of this machine and no others. */
function programs(tree: ScratchTree, name: string, wanted: readonly string[]): string {
  const directory = tree.directory(tree.at(name)).toString();
  for (const program of wanted) {
    if (program.startsWith('busybox ')) {
      symlinkSync('/bin/busybox', `${directory}/${program.slice('busybox '.length)}`);
      continue;
    }
    const found = PROGRAM_DIRECTORIES.map((place) => `${place}/${program}`).find((path) => existsSync(path));
    if (found) symlinkSync(found, `${directory}/${program}`);
  }
  return directory;
}

const NEEDED = ['sh', 'stat', 'readlink', 'awk', 'head', 'tr', 'grep', 'id', 'date', 'cat', 'ls', 'getent'];

describe('the probe on a host without some programs', { skip }, () => {
  let tree: ScratchTree;
  let registry: FakeRegistry;
  let host: ReturnType<typeof configuredHost>;

  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('closed'), 0o700);
    tree.directory(tree.at('closed/root'));
    host = configuredHost(tree, `${tree.root}/closed/root`, 'http:\n  addr: 127.0.0.1:1\n');
    registry = await startFakeRegistry(tree, { setpriv: AS_SERVICE, args: ['serve', host.registry.config] });
  });
  after(async () => {
    await registry?.stop();
    tree?.remove();
  });

  const aclsIn = (facts: Facts) =>
    facts.nodes.flatMap((node) => (node.state === 'present' && node.kind === 'directory' ? [node.acl] : []));

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: without setpriv on the host, the probe reports that access could not be tested`, {
      skip: shell.skip,
    }, () => {
      const path = programs(tree, `no setpriv ${shell.name}`, [...NEEDED, 'timeout']);
      const facts = factsOf(probe(shell, host, { path: `"${path}"` }));
      assert.deepEqual(facts.triedAs, unknown({ code: 'missing-on-host', detail: 'setpriv' }));
      assert.deepEqual(facts.rootTries.stat, unknown({ code: 'missing-on-host', detail: 'setpriv' }));
      assert.equal(facts.process.state, 'known');
    });

    test(`${shell.name}: without timeout on the host, the probe tests no access, since nothing would end a hanging test`, {
      skip: shell.skip,
    }, () => {
      const path = programs(tree, `no timeout ${shell.name}`, [...NEEDED, 'setpriv']);
      const facts = factsOf(probe(shell, host, { path: `"${path}"` }));
      assert.deepEqual(facts.triedAs, unknown({ code: 'missing-on-host', detail: 'timeout' }));
    });

    test(`${shell.name}: with a setpriv before util-linux 2.31, the probe tests only whole paths, and hands nothing closed down`, {
      skip: shell.skip,
    }, () => {
      const name = `old setpriv ${shell.name}`;
      const path = programs(tree, name, [...NEEDED, 'timeout']);
      const old = `#!/bin/sh
case $1 in --help) /usr/bin/setpriv --help | grep -v ambient-caps; exit ;; esac
exec /usr/bin/setpriv "$@"
`;
      writeFileSync(`${path}/setpriv`, old, { mode: 0o755 });
      const facts = factsOf(probe(shell, host, { path: `"${path}"` }));
      assert.equal(facts.triedAs.state, 'known');
      assert.deepEqual(facts.rootTries.stat, known({ result: 'denied' }));
      assert.deepEqual(facts.searchTries, []);
    });

    test(`${shell.name}: without getfacl on the host, the probe learns from GNU ls that a directory has no ACL`, {
      skip: shell.skip,
    }, () => {
      const path = programs(tree, `no getfacl ${shell.name}`, [...NEEDED, 'setpriv']);
      const facts = factsOf(probe(shell, host, { path: `"${path}"` }));
      assert.deepEqual(new Set(aclsIn(facts).map((acl) => JSON.stringify(acl))), new Set([JSON.stringify(known([]))]));
    });

    test(`${shell.name}: without getfacl on the host, the probe reports an ACL that GNU ls shows as unknown`, {
      skip: shell.skip,
    }, () => {
      const path = programs(tree, `an ACL ${shell.name}`, [...NEEDED, 'setpriv']);
      execFileSync('setfacl', ['-m', 'u:48211:--x', tree.at('closed').toString()]);
      const facts = factsOf(probe(shell, host, { path: `"${path}"` }));
      execFileSync('setfacl', ['-b', tree.at('closed').toString()]);
      const why = unknown('acls-without-getfacl');
      assert.ok(aclsIn(facts).every((acl) => JSON.stringify(acl) === JSON.stringify(why)));
    });

    test(`${shell.name}: without a tool to send HTTP requests, the probe reports the registry's answer as unknown`, {
      skip: shell.skip,
    }, () => {
      const path = programs(tree, `no curl ${shell.name}`, NEEDED);
      assert.deepEqual(factsOf(probe(shell, host, { path: `"${path}"` })).v2, unknown('no-tool-to-ask'));
    });
  }

  test('the probe on a host with only busybox reports everything that busybox can find out', {
    skip: skipUnless('busybox'),
  }, () => {
    const directory = tree.directory(tree.at('busybox')).toString();
    for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      symlinkSync('/bin/busybox', `${directory}/${applet}`);
    }
    const facts = factsOf(probe(BUSYBOX, host, { path: directory }));
    const closed = facts.nodes.find(({ path }) => path === hostPath(tree.at('closed')));
    assert.partialDeepStrictEqual(closed, { state: 'present', kind: 'directory', mode: '0700', bornAt: absent });
    assert.partialDeepStrictEqual(facts.process, {
      state: 'known',
      value: { identity: { uid: 48211, groups: [48213] } },
    });
    assert.deepEqual(aclsIn(facts)[0], unknown({ code: 'missing-on-host', detail: 'getfacl' }));
    assert.deepEqual(facts.triedAs, unknown('setpriv-without-reuid'));
    assert.deepEqual(facts.v2, unknown('connection-refused'));
  });
});

describe('the probe of a login without rights, or of a registry without a config', { skip }, () => {
  let tree: ScratchTree;
  before(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    tree.directory(tree.at('private'), 0o700);
  });
  after(() => tree?.remove());

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reports an unreadable registry config as unknown, and the facts of the host anyway`, {
      skip: shell.skip,
    }, () => {
      const host = configuredHost(tree, `${tree.root}/root`);
      execFileSync('chmod', ['600', host.registry.config]);
      const facts = factsOf(probe(shell, host, { as: NOBODY }));
      assert.deepEqual(facts.config, unknown('not-permitted'));
      assert.deepEqual(facts.storageRoot, unknown({ code: 'config-unread', because: { code: 'not-permitted' } }));
      assert.deepEqual(facts.v2, unknown({ code: 'config-unread', because: { code: 'not-permitted' } }));
      assert.equal(facts.nodes.at(-1)?.path, host.registry.config);
      assert.equal(facts.bootId.state, 'known');
    });

    test(`${shell.name}: the probe reports a registry config in a directory that can’t be entered as unknown, not as absent`, {
      skip: shell.skip,
    }, () => {
      const host = hostSettings({ config: hostPath(tree.at('private/config.yml')) });
      assert.deepEqual(factsOf(probe(shell, host, { as: NOBODY })).config, unknown('not-permitted'));
      assert.deepEqual(factsOf(probe(shell, host)).config, absent);
    });

    test(`${shell.name}: the probe reports a registry config that is a directory or a pipe as unknown`, {
      skip: shell.skip,
    }, () => {
      const pipe = tree.at(`pipe ${shell.name}`);
      spawnSync('mkfifo', [pipe.toString()]);
      for (const config of [tree.at('root'), pipe]) {
        assert.deepEqual(
          factsOf(probe(shell, hostSettings({ config: hostPath(config) }))).config,
          unknown('not-a-regular-file'),
        );
      }
    });

    test(`${shell.name}: the probe examines no path for a registry with object storage`, { skip: shell.skip }, () => {
      const host = configuredHost(tree, '/x');
      execFileSync('sh', [
        '-c',
        'printf "storage:\\n  s3:\\n    secretkey: hush\\n" > "$1"',
        'sh',
        host.registry.config,
      ]);
      const facts = factsOf(probe(shell, host));
      assert.partialDeepStrictEqual(facts.config, {
        state: 'known',
        value: { storageDriver: 's3', rootDirectory: null },
      });
      assert.deepEqual(facts.storageRoot, absent);
      // Only the way to its config file is walked.
      assert.equal(facts.nodes.at(-1)?.path, host.registry.config);
      assert.deepEqual(
        facts.paths.map(({ role }) => role),
        ['config'],
      );
    });

    test(`${shell.name}: the probe of a login that is the service’s own account tests access without root`, {
      skip: shell.skip,
    }, async () => {
      const own = new ScratchTree();
      own.directory(own.at('open'), 0o711);
      own.directory(own.at('open/closed'), 0o700);
      own.directory(own.at('open/closed/root'));
      const host = configuredHost(own, `${own.root}/open/closed/root`);
      const identity = ['--reuid 65534', '--regid 65534', '--clear-groups'];
      const registry = await startFakeRegistry(own, { setpriv: identity, args: ['serve', host.registry.config] });
      const facts = factsOf(probe(shell, host, { as: NOBODY }));
      await registry.stop();
      own.remove();
      assert.equal(facts.triedAs.state, 'known');
      assert.deepEqual(facts.searchTries.at(-1), {
        path: hostPath(own.at('open/closed')),
        answer: { result: 'denied' },
      });
      assert.deepEqual(facts.rootTries.stat, known({ result: 'denied' }));
    });
  }
});

describe('the probe sends an HTTP request to the registry', { skip }, () => {
  const WAYS = [
    { tool: 'curl', programs: [...NEEDED, 'curl'], showsRedirect: true },
    { tool: 'GNU wget', programs: [...NEEDED, 'wget'], showsRedirect: false },
    { tool: 'bash', programs: [...NEEDED, 'bash', 'timeout'], showsRedirect: true },
    { tool: 'busybox wget', programs: [...NEEDED, 'busybox wget', 'timeout'], showsRedirect: true },
  ];
  const HEAD = 'HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n';

  for (const { tool, programs: wanted, showsRedirect } of WAYS) {
    test(`${tool} gets status and body of the registry’s error page, despite a proxy setting and without following redirects`, async () => {
      const tree = new ScratchTree();
      const server = createServer((socket) => {
        socket
          .on('error', () => {})
          .once('data', (request) => {
            const isV2 = request.toString().startsWith('GET /v2/ ');
            socket.end(
              isV2 ? `${HEAD}{"a":"é"}\n\0\n` : 'HTTP/1.1 302 Found\r\nLocation: /v2/\r\nConnection: close\r\n\r\n',
            );
          });
      });
      const port = await new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          const address = server.address();
          resolve(typeof address === 'object' && address ? address.port : 0);
        });
      });
      const url = `http://127.0.0.1:${port}`;
      const path = programs(tree, 'bin', wanted);
      const { v2, health } = await factsInBackground(url, path);
      server.close();
      tree.remove();
      assert.deepEqual(
        v2,
        known({ url: `${url}/v2/`, status: 503, body: tool === 'busybox wget' ? '' : '{"a":"é"}\n\n' }),
      );
      const redirect = known({ url: `${url}/debug/health`, status: 302, body: '' });
      assert.deepEqual(health, showsRedirect ? redirect : unknown('answer-hidden'));
    });
  }

  /** The server above lives in this process, so the script must not be waited for synchronously. */
  async function factsInBackground(url: string, path: string): Promise<Facts> {
    const host = hostSettings({ url, debugUrl: url });
    const script = guardOverStdin(probeRequest({ nonce: 'probenonce', host, rootOverride: null })).replace(
      /^PATH=.*$/m,
      `PATH=${path}`,
    );
    const child = spawn('dash', ['-s'], {
      env: { http_proxy: 'http://127.0.0.1:1', PATH: '/usr/bin:/bin' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(script);
    return factsOf(parseOutput(Buffer.concat(await child.stdout.toArray())));
  }
});

describe('the probe on a host without GitLab Omnibus', {
  skip: skip || (existsSync('/var/opt/gitlab') ? 'this machine has GitLab Omnibus' : false),
}, () => {
  const omnibus = hostSettings({ layout: 'omnibus', config: HostPath.parse('/var/opt/gitlab/registry/config.yml') });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(
      `${shell.name}: a host without GitLab Omnibus is recognized if the config expects one`,
      {
        skip: shell.skip,
      },
      () => assert.equal(lacksOmnibus(factsOf(probe(shell, omnibus))), true),
    );
  }
});
