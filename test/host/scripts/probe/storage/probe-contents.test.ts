import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { parseProbe } from '../../../../../src/host/probe/parse-probe.ts';
import { guardOverStdin } from '../../../../../src/host/request/guard-input.ts';
import { probeRequest } from '../../../../../src/host/request/guard-request.ts';
import { absent, known, unknown } from '../../../../../src/model/fact.ts';
import type { Facts } from '../../../../../src/model/host/facts.ts';
import type { StorageContents } from '../../../../../src/model/host/storage-contents.ts';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../../fake-registry.ts';
import { HOSTILE_NAMES } from '../../../hostile-names.ts';
import { configuredHost, factsOf, probe } from '../../../probe-run.ts';
import { hostPath, ScratchTree } from '../../../scratch-tree.ts';
import { DASH, inTurn, runScript, SHELLS, type Shell } from '../../../shells.ts';
import { treeStep } from '../../apply/tree-step.ts';

/** What the probe tells of what lies below the storage root. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl');
const AS_SERVICE = ['--reuid 48211', '--regid 48212', '--clear-groups'];
const V2 = 'docker/registry/v2';
const NONCE = 'probenonce';

/** A registry's host of its own, with a storage root that the service owns; no one answers there. */
class Host {
  readonly tree = new ScratchTree();
  readonly root = this.tree.directory(this.tree.at('root'));
  settings: HostSettings = configuredHost(this.tree, `${this.tree.root}/root`, 'http:\n  addr: 127.0.0.1:1\n');
  #registry: FakeRegistry | null = null;

  async start(): Promise<void> {
    const args = ['serve', this.settings.registry.config];
    this.#registry = await startFakeRegistry(this.tree, { setpriv: AS_SERVICE, args });
  }

  at(path: string): Buffer {
    return this.tree.at('root', ...path.split('/'));
  }

  /** Runs in the storage root, then gives all to the service. */
  fill(commands: string): void {
    execFileSync('sh', ['-c', `set -e; cd "$1"; ${commands}; chown -hR 48211:48212 .`, 'sh', this.root.toString()]);
  }

  async stop(): Promise<void> {
    await this.#registry?.stop();
    this.tree.remove();
  }
}

function contentsOf(facts: Facts): StorageContents {
  assert.equal(facts.contents.state, 'known', JSON.stringify(facts.contents));
  return facts.contents.state === 'known' ? facts.contents.value : assert.fail();
}

describe('the probe scans the storage’s contents', { skip }, () => {
  let host: Host;
  before(async () => {
    host = new Host();
    host.fill(`mkdir -p ${V2}/repositories/team/app/_manifests/tags ${V2}/repositories/team/app/_uploads \
      ${V2}/repositories/db/_manifests ${V2}/repositories/db/_layers/sha256 ${V2}/blobs/sha256/ab/abcd 'lost+found'
      echo layer >${V2}/blobs/sha256/ab/abcd/data`);
    await host.start();
    // Beside what is the registry's, as on a disk of its own.
    chownSync(host.at('lost+found'), 0, 0);
    execFileSync('chown', ['-R', '0:37', host.at(`${V2}/blobs`).toString()]);
    chmodSync(host.at(`${V2}/repositories/db/_layers`), 0o300);
    chmodSync(host.at(`${V2}/repositories/db/_layers/sha256`), 0o555);
    chmodSync(host.at(`${V2}/repositories/team/app/_uploads`), 0o777);
  });
  after(() => host?.stop());

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe counts owners, denied entries, closed directories, 0777 modes and repositories in the storage`, {
      skip: shell.skip,
    }, () => {
      const contents = contentsOf(factsOf(probe(shell, host.settings)));
      const step = treeStep(host.at('docker'), '0:37', '48211:37');
      const digest = step.action === 'chown' ? step.tree?.digest : undefined;
      assert.partialDeepStrictEqual(contents, {
        complete: true,
        writePlacesSeen: true,
        entries: 18,
        mountsBelow: 0,
        repositories: 2,
        moreOwners: false,
      });
      assert.deepEqual(contents.top?.path, hostPath(host.at('docker')));
      const [foreign, ...others] = contents.foreign;
      assert.deepEqual(others, []);
      assert.partialDeepStrictEqual(foreign, {
        uid: 0,
        gid: 37,
        owner: 'root',
        group: 'operator',
        entries: 5,
        denied: known({ directories: 4, files: 0 }),
        closedToOwner: 0,
        unusual: 0,
        digest,
      });
      assert.deepEqual(foreign?.firstPaths[0], hostPath(host.at(`${V2}/blobs`)));
      const closed = contents.closed.state === 'known' ? contents.closed.value : assert.fail();
      assert.deepEqual([closed.count, closed.complete, closed.writePlacesTried], [5, true, true]);
      const layers = hostPath(host.at(`${V2}/repositories/db/_layers`));
      assert.partialDeepStrictEqual(
        closed.directories.find(({ path }) => path === layers),
        { lacking: ['list'], mode: '0300', uid: 48211, gid: 48212 },
      );
      assert.deepEqual(
        contents.ownClosed.directories.map(({ path, lacking }) => [path, lacking]).toSorted(),
        [
          [layers, ['list']],
          [hostPath(host.at(`${V2}/repositories/db/_layers/sha256`)), ['create']],
        ].toSorted(),
      );
      assert.deepEqual(contents.worldWritable, {
        entries: 1,
        firstPaths: [hostPath(host.at(`${V2}/repositories/team/app/_uploads`))],
        footprint: [{ kind: 'directory', entries: 1, digest: contents.worldWritable.footprint[0]?.digest ?? null }],
      });
      assert.match(contents.worldWritable.footprint[0]?.digest ?? '', /^[0-9a-f]{64}$/);
      assert.match(contents.umask ?? '', /^0[0-7]{3}$/);
    });
  }

  test('the probe of a login without rights reports that it could not scan the storage', () => {
    chmodSync(host.root, 0o700);
    const facts = factsOf(probe(DASH, host.settings, { as: { uid: 65534, gid: 65534, groups: [] } }));
    chmodSync(host.root, 0o755);
    assert.equal(facts.contents.state, 'unknown');
  });
});

describe('the probe scans an unusual storage', { skip }, () => {
  let host: Host;
  before(async () => {
    host = new Host();
    await host.start();
  });
  after(() => host?.stop());

  test('the probe scans an empty storage as empty', () => {
    const contents = contentsOf(factsOf(probe(DASH, host.settings)));
    assert.partialDeepStrictEqual(contents, { complete: true, entries: 0, top: null, repositories: 0 });
  });

  test('the probe follows a docker symlink in the storage, and counts its target as part of the storage', () => {
    const elsewhere = host.tree.at('elsewhere');
    mkdirSync(elsewhere);
    mkdirSync(host.tree.at('elsewhere/registry'));
    symlinkSync(elsewhere, host.at('docker'));
    const contents = contentsOf(factsOf(probe(DASH, host.settings)));
    assert.deepEqual(contents.parts, [{ path: hostPath(host.at('docker')), tried: true }]);
    assert.equal(contents.entries, 2);
    execFileSync('rm', ['-r', host.at('docker').toString(), elsewhere.toString()]);
  });

  test('the probe reports a docker entry in the storage that is a broken symlink or a file', () => {
    symlinkSync('/nowhere/docker', host.at('docker'));
    assert.deepEqual(factsOf(probe(DASH, host.settings)).contents, unknown('docker-leads-nowhere'));
    execFileSync('rm', [host.at('docker').toString()]);
    writeFileSync(host.at('docker'), '');
    assert.deepEqual(factsOf(probe(DASH, host.settings)).contents, unknown('docker-not-a-directory'));
    execFileSync('rm', [host.at('docker').toString()]);
  });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe counts hostile names in the storage and reports them literally, and they have no effect`, {
      skip: shell.skip,
    }, () => {
      mkdirSync(host.at('docker'));
      chownSync(host.at('docker'), 48211, 48212);
      for (const { bytes } of HOSTILE_NAMES) mkdirSync(host.tree.at('root/docker', bytes));
      const contents = contentsOf(factsOf(probe(shell, host.settings)));
      const withNewline = HOSTILE_NAMES.filter(({ bytes }) => bytes.includes(0x0a));
      assert.equal(contents.foreign[0]?.entries, HOSTILE_NAMES.length);
      assert.equal(contents.foreign[0]?.unusual, withNewline.length);
      const closed = contents.closed.state === 'known' ? contents.closed.value : assert.fail();
      const shown = HOSTILE_NAMES.filter((name) => !withNewline.includes(name));
      assert.equal(closed.count, HOSTILE_NAMES.length);
      assert.deepEqual(
        closed.directories.map(({ path }) => path).toSorted(),
        shown.map(({ bytes }) => hostPath(host.tree.at('root/docker', bytes))).toSorted(),
      );
      execFileSync('rm', ['-rf', host.at('docker').toString()]);
    });
  }

  test('the probe counts entries in the storage that no registry creates as unusual', () => {
    mkdirSync(host.at('docker'));
    chownSync(host.at('docker'), 48211, 48212);
    symlinkSync('/etc/shadow', host.at('docker/link'));
    writeFileSync(host.at('docker/setuid'), '', { mode: 0o4755 });
    chmodSync(host.at('docker/setuid'), 0o4755);
    writeFileSync(host.tree.at('elsewhere'), '');
    linkSync(host.tree.at('elsewhere'), host.at('docker/second name'));
    execFileSync('mkfifo', [host.at('docker/pipe').toString()]);
    writeFileSync(host.at('docker/file'), '');
    const contents = contentsOf(factsOf(probe(DASH, host.settings)));
    execFileSync('rm', ['-rf', host.at('docker').toString()]);
    assert.partialDeepStrictEqual(contents.foreign, [{ entries: 5, unusual: 4 }]);
  });

  test('the probe counts a filesystem mounted inside the storage as part of it, and once', () => {
    // No process runs there: a registry that stands elsewhere has mounts of its own.
    const host = new Host();
    host.fill('mkdir -p docker/registry/v2 other && echo x >other/file');
    const settings = { ...host.settings, registry: { ...host.settings.registry, serviceUser: 'games' } };
    const script = guardOverStdin(probeRequest({ nonce: NONCE, host: settings, rootOverride: null }));
    const prepared = `mount -t tmpfs none '${host.at(V2)}' && exec dash -s`;
    const command = ['unshare', '-m', '--propagation', 'private', 'sh', '-c', prepared];
    const { stdout } = runScript({ ...DASH, command }, script);
    const contents = contentsOf(factsOf(parseProbe(stdout, { nonce: NONCE, host: host.settings.name })));
    host.tree.remove();
    assert.deepEqual([contents.mountsBelow, contents.entries], [1, 3]);
    assert.deepEqual(contents.parts, [{ path: hostPath(host.at(V2)), tried: true }]);
  });
});

describe('the probe scans a huge storage', { skip }, () => {
  let host: Host;
  const BLOBS = 200;
  before(async () => {
    host = new Host();
    // Some 40,000 entries, and the directory that pushes begin in is the last one made.
    host.fill(`mkdir -p ${V2}/blobs/sha256 && cd ${V2}/blobs/sha256 && for a in $(seq 100 199); do
      mkdir $a && cd $a && mkdir $(seq 1 ${BLOBS}) && for b in $(seq 1 ${BLOBS}); do : >$b/data; done; cd ..; done
      cd "$1" && mkdir -p ${V2}/repositories/team/app/_manifests ${V2}/repositories/team/app/_uploads`);
    await host.start();
    chownSync(host.at(`${V2}/repositories/team/app/_uploads`), 0, 0);
  });
  after(() => host?.stop());

  /** With bounds of the test's own: whether 40,000 entries are counted in 3 s is a matter of the machine. */
  function bounded(shell: Shell, entries: number, seconds = 120): { facts: Facts; bytes: number } {
    const script = guardOverStdin(probeRequest({ nonce: NONCE, host: host.settings, rootOverride: null }))
      .replace(/^contents_max=.*$/m, `contents_max=${entries}`)
      .replace(/^contents_seconds=.*$/m, `contents_seconds=${seconds}`);
    const { stdout } = runScript(shell, script);
    return { facts: factsOf(parseProbe(stdout, { nonce: NONCE, host: host.settings.name })), bytes: stdout.length };
  }

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe counts a huge storage completely within the byte limit of its output`, {
      skip: shell.skip,
    }, (t) => {
      const { facts, bytes } = bounded(shell, 300_000);
      const contents = contentsOf(facts);
      assert.deepEqual([contents.complete, contents.repositories, contents.foreign.length], [true, 1, 1]);
      assert.equal(contents.entries, 100 * (1 + 2 * BLOBS) + 10);
      assert.ok(bytes < 64 * 1024, `${bytes} bytes`);
      t.diagnostic(`${contents.entries} entries in ${contents.tookMs} ms, ${bytes} bytes in all`);
    });

    test(`${shell.name}: the probe reports a count of the storage that ran out of time as incomplete`, {
      skip: shell.skip,
    }, () => {
      const contents = contentsOf(bounded(shell, 300_000, 0.001).facts);
      assert.equal(contents.complete, false);
      assert.ok(contents.entries < 100 * (1 + 2 * BLOBS));
    });

    test(`${shell.name}: the probe reports the directory in which pushes begin even if the count of the storage stops at its limit`, {
      skip: shell.skip,
    }, () => {
      const contents = contentsOf(bounded(shell, 1_000).facts);
      assert.deepEqual([contents.complete, contents.writePlacesSeen, contents.repositories], [false, true, 1]);
      assert.ok(contents.entries <= 1_000);
      assert.partialDeepStrictEqual(contents.foreign, [{ uid: 0, entries: 1, digest: null }]);
      assert.deepEqual(contents.foreign[0]?.firstPaths, [hostPath(host.at(`${V2}/repositories/team/app/_uploads`))]);
    });
  }
});

test('the probe says so if its scan of the storage stopped before it saw every directory that the registry writes to', {
  skip,
}, () => {
  const host = new Host();
  try {
    host.fill(`mkdir -p ${V2}/repositories/app && cd ${V2}/repositories/app && mkdir $(seq 1 50)`);
    const script = guardOverStdin(probeRequest({ nonce: NONCE, host: host.settings, rootOverride: null }));
    const { stdout } = runScript(DASH, script.replace(/^contents_max=.*$/m, 'contents_max=20'));
    const contents = contentsOf(factsOf(parseProbe(stdout, { nonce: NONCE, host: host.settings.name })));
    assert.deepEqual([contents.complete, contents.writePlacesSeen, contents.entries], [false, false, 20]);
  } finally {
    host.tree.remove();
  }
});

describe('the probe scans the storage on a host whose find can’t test access', {
  skip: skip || skipUnless('busybox'),
}, () => {
  test('with busybox’s find, the probe counts the storage’s contents and reports access to them as not tested', async () => {
    const host = new Host();
    try {
      host.fill(`mkdir -p ${V2}/repositories/app/_manifests ${V2}/blobs`);
      await host.start();
      chownSync(host.at(`${V2}/blobs`), 0, 0);
      const programs = host.tree.directory(host.tree.at('busybox')).toString();
      for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
        symlinkSync('/bin/busybox', `${programs}/${applet}`);
      }
      const busybox = SHELLS.find(({ name }) => name === 'busybox sh') ?? DASH;
      const contents = contentsOf(factsOf(probe(busybox, host.settings, { path: programs })));
      assert.partialDeepStrictEqual(contents, { complete: true, entries: 7, repositories: 1 });
      assert.partialDeepStrictEqual(contents.foreign, [{ uid: 0, entries: 1, unusual: 0 }]);
      assert.deepEqual(contents.closed, unknown('find-asks-no-kernel'));
    } finally {
      await host.stop();
    }
  });
});

test('without a known service account, the probe counts no entries as foreign and tests no access in the storage', {
  skip,
}, () => {
  const host = new Host();
  try {
    host.fill(`mkdir -p ${V2}`);
    const settings = { ...host.settings, registry: { ...host.settings.registry, serviceUser: 'no-such-user' } };
    const facts = factsOf(probe(DASH, settings));
    assert.deepEqual(facts.account, absent);
    assert.deepEqual(contentsOf(facts).foreign, []);
    assert.deepEqual(contentsOf(facts).closed, unknown('no-identity'));
  } finally {
    host.tree.remove();
  }
});
