import assert from 'node:assert/strict';
import { chmodSync, chownSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { resolvePath } from '../../../../../src/diagnosis/access/kernel/resolve-path.ts';
import { judgeFacts } from '../../../../../src/diagnosis/judge-facts.ts';
import { known, unknown } from '../../../../../src/model/fact.ts';
import type { Facts } from '../../../../../src/model/host/facts.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { configuredHost, factsOf, type ProbeOptions, probe } from '../../../probe-run.ts';
import { ScratchTree } from '../../../scratch-tree.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../../shells.ts';
import { type Container, type NamespacedRegistry, startNamespacedRegistry } from './namespaced-registry.ts';

/** A registry in namespaces of its own: walked and tried where it stands, its places told by both names. */

const skip = skipUnless('linux', 'root', 'setpriv', 'mount-namespaces', 'nsenter');
const IDENTITY = ['--reuid 48211', '--regid 48212', '--groups 48213'];
const ALLOWED = known({ result: 'allowed' });
const DENIED = known({ result: 'denied' });

let tree: ScratchTree;
let running: NamespacedRegistry[];

/** What is mounted for the registry is DISK/data, with its storage in it. */
beforeEach(() => {
  if (skip) return;
  tree = new ScratchTree();
  running = [];
  for (const directory of ['disk', 'disk/data', 'disk/data/registry']) tree.directory(tree.at(directory));
  chownSync(tree.at('disk/data/registry'), 48211, 48212);
});
afterEach(async () => {
  if (skip) return;
  await Promise.all(running.map((registry) => registry.stop()));
  tree.remove();
});

type Setting = Partial<Container> & {
  /** In the container alone, as in an image; or there and another on the host; else the host has the same file. */
  readonly ownConfig?: true | 'beside the host’s';
  readonly probe?: ProbeOptions;
  /** What the host mounts after the registry's start: here, in a mount namespace of the probe's own. */
  readonly mountedSince?: string;
};

/** Starts the registry and lets the probe look. */
async function look(shell: Shell, storageRoot: string, setting: Setting): Promise<Facts> {
  const host = configuredHost(tree, storageRoot);
  const { config } = host.registry;
  const { ownConfig, probe: options, prepare = '', mountedSince, ...container } = setting;
  const place = `mkdir -p "$new${tree.root}"; cp '${config}' "$new${config}"`;
  const giveConfig = ownConfig ? place : `${place}; mount --bind '${config}' "$new${config}"`;
  const isInside = container.root !== 'host';
  running.push(
    await startNamespacedRegistry(tree, {
      root: 'own',
      identity: IDENTITY,
      args: ['serve', config],
      ...container,
      prepare: `${prepare}\n${isInside ? giveConfig : ''}`,
    }),
  );
  if (ownConfig === true) rmSync(config);
  if (ownConfig === 'beside the host’s') configuredHost(tree, '/nowhere');
  return factsOf(probe(mountedSince === undefined ? shell : after(mountedSince, shell), host, options));
}

function after(preparation: string, shell: Shell): Shell {
  const script = `${preparation} && exec ${shell.command.join(' ')}`;
  return { ...shell, command: ['unshare', '-m', '--propagation', 'private', 'sh', '-c', script] };
}

/** A directory of the host at a place of the container. */
function bound(source: string, target: string): string {
  return `mkdir -p "$new${target}"; mount --bind '${tree.root}/${source}' "$new${target}"`;
}

/** Those on the way to the storage; the way to the config file is walked as well. */
function nodesToStorage({ nodes, storageRoot }: Facts) {
  const way = storageRoot.state === 'known' ? resolvePath(nodes, storageRoot.value).visits : [];
  return way.map(({ node }) => node);
}

function placesIn(facts: Facts): readonly string[] {
  const { view } = facts;
  const way = new Set(nodesToStorage(facts).map(({ path }) => path));
  return view.kind === 'host'
    ? ['the host itself']
    : view.hostPaths.filter(({ path }) => way.has(path)).map(({ path, hostPath }) => `${path} = ${hostPath}`);
}

function onHost(path: string): string {
  return `${tree.root}/${path}`;
}

for (const shell of SHELLS) {
  const test = inTurn(shell);
  describe(`the probe of a registry with its own mounts, under ${shell.name}`, { skip: skip || shell.skip }, () => {
    test(`the probe reads a containerized registry’s path from its own root, and only bind mounts get a host path (${shell.name})`, async () => {
      const facts = await look(shell, '/storage/registry', { prepare: bound('disk/data', '/storage') });
      assert.deepEqual(
        nodesToStorage(facts).map(({ path, state }) => `${path} ${state}`),
        ['/ present', '/storage present', '/storage/registry present'],
      );
      assert.deepEqual(placesIn(facts), [
        `/storage = ${onHost('disk/data')}`,
        `/storage/registry = ${onHost('disk/data/registry')}`,
      ]);
      assert.deepEqual(facts.rootTries.stat, ALLOWED);
      assert.deepEqual(facts.rootTries.list, ALLOWED);
      const tried = new Set(facts.searchTries.map(({ path }) => path));
      assert.ok(nodesToStorage(facts).every(({ path }) => tried.has(path)));
      const { walk, findings } = judgeFacts(facts);
      assert.deepEqual(
        walk.map(({ hostPath, access }) => `${hostPath} ${access}`),
        ['null allowed', `${onHost('disk/data')} allowed`, `${onHost('disk/data/registry')} allowed`],
      );
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'fault'),
        [],
      );
    });

    test(`a containerized registry is not reported as blocked by directories above its bind mount on the host (${shell.name})`, async () => {
      chmodSync(tree.at('disk'), 0o700);
      const facts = await look(shell, '/storage/registry', { prepare: bound('disk/data', '/storage') });
      assert.deepEqual(facts.rootTries.stat, ALLOWED);
      assert.equal(judgeFacts(facts).plan, null);
    });

    test(`a containerized registry that is blocked in its own mounts gets a fix that uses the host’s path (${shell.name})`, async () => {
      chmodSync(tree.at('disk/data'), 0o700);
      const prepare = `${bound('disk', '/storage')}; ln -s /storage/data "$new/link"`;
      const facts = await look(shell, '/link/registry', { prepare });
      assert.deepEqual(facts.rootTries.stat, DENIED);
      const { plan, findings } = judgeFacts(facts);
      assert.partialDeepStrictEqual(findings[0], {
        id: 'untraversable-ancestor',
        path: '/storage/data',
        hostPath: onHost('disk/data'),
        proof: 'kernel',
      });
      assert.deepEqual(
        plan?.steps.map(({ path, from, to }) => `${path} ${from} ${to}`),
        [`${onHost('disk/data')} 0700 0701`],
      );
      assert.equal(plan?.process?.pid, running[0]?.pid);
      assert.equal(plan?.clearsEveryBlocker, true);
    });

    test(`the probe resolves a containerized registry’s symlinks from its own root (${shell.name})`, async () => {
      const prepare = `mkdir -p "$new${onHost('disk')}/inside/registry" "$new/links"
        ln -s '${onHost('disk')}' "$new/links/absolute"; ln -s ../links/absolute/inside "$new/links/relative"`;
      const facts = await look(shell, '/links/relative/registry', { prepare });
      assert.deepEqual(
        nodesToStorage(facts).map(({ path, state }) => `${path} ${state}`),
        [
          ...['/', '/links', '/links/relative', '/links/absolute', '/var', '/var/tmp', `${tree.root}`],
          ...[onHost('disk'), onHost('disk/inside'), onHost('disk/inside/registry')],
        ].map((path) => `${path} present`),
      );
      assert.deepEqual(facts.rootTries.stat, ALLOWED);
      assert.deepEqual(placesIn(facts), [], 'the directories of the same names on the host are others');
    });

    test(`a containerized registry is reported as blocked by a closed directory that only a symlink on its path leads through (${shell.name})`, async () => {
      const prepare = `${bound('disk/data', '/storage')}; mkdir -p -m 700 "$new/closed"; ln -s /storage "$new/closed/link"`;
      const facts = await look(shell, '/closed/link/registry', { prepare });
      assert.deepEqual(facts.rootTries.stat, DENIED);
      const { findings, plan } = judgeFacts(facts);
      assert.partialDeepStrictEqual(findings[0], {
        id: 'untraversable-ancestor',
        noChmod: 'not-on-host',
        hostPath: null,
      });
      assert.equal(plan, null);
    });

    test(`the probe tells apart whether a containerized registry can stat its root or also enter it (${shell.name})`, async () => {
      chownSync(tree.at('disk/data/registry'), 0, 0);
      chmodSync(tree.at('disk/data/registry'), 0o700);
      const facts = await look(shell, '/storage/registry', { prepare: bound('disk/data', '/storage') });
      assert.deepEqual([facts.rootTries.stat, facts.rootTries.list], [ALLOWED, DENIED]);
    });

    test(`the probe reports the host’s current path of a containerized registry’s directory, not an earlier one (${shell.name})`, async () => {
      tree.directory(tree.at('moved'));
      const facts = await look(shell, '/storage/registry', {
        prepare: bound('disk/data', '/storage'),
        mountedSince: `mount --bind '${onHost('disk')}' '${onHost('moved')}' && mount -t tmpfs none '${onHost('disk')}'`,
      });
      assert.deepEqual(placesIn(facts), [
        `/storage = ${onHost('moved/data')}`,
        `/storage/registry = ${onHost('moved/data/registry')}`,
      ]);
      assert.ok(judgeFacts(facts).findings.every(({ id }) => id !== 'container-sees-old-mount'));
    });

    test(`the probe reads a containerized registry’s config where only the container sees it (${shell.name})`, async () => {
      const facts = await look(shell, '/storage/registry', {
        prepare: bound('disk/data', '/storage'),
        ownConfig: true,
      });
      assert.equal(facts.config.state === 'known' && facts.config.value.rootDirectory, '/storage/registry');
      assert.deepEqual(facts.rootTries.stat, ALLOWED);
    });

    test(`the probe tells a containerized registry from one on the host with the same config path (${shell.name})`, async () => {
      const facts = await look(shell, '/storage/registry', {
        prepare: bound('disk/data', '/storage'),
        ownConfig: 'beside the host’s',
      });
      assert.equal(facts.process.state === 'known' && facts.process.value.pid, running[0]?.pid);
      assert.deepEqual(facts.rootTries.stat, ALLOWED);
    });

    test(`a mount that is read-only only for a containerized registry is reported without a plan (${shell.name})`, async () => {
      const facts = await look(shell, '/storage/registry', {
        prepare: `${bound('disk/data', '/storage')}; mount -o remount,bind,ro "$new/storage"`,
      });
      const { findings, plan } = judgeFacts(facts);
      assert.partialDeepStrictEqual(findings[0], { id: 'readonly-mount', setUp: 'for-process-alone' });
      assert.equal(plan, null);
    });

    test(`the probe reports host paths as the same for a registry in a systemd unit’s own mount namespace (${shell.name})`, async () => {
      const facts = await look(shell, onHost('disk/data/registry'), {
        root: 'host',
        prepare: 'mount -t tmpfs none /mnt',
      });
      const { walk, findings } = judgeFacts(facts);
      assert.equal(facts.view.kind, 'process');
      assert.equal(walk.length, 7);
      assert.ok(walk.every((step) => step.access === 'allowed' && !('hostPath' in step)));
      assert.deepEqual(
        findings.filter(({ severity }) => severity === 'fault'),
        [],
      );
    });

    test(`the probe finds that a containerized registry still sees the directory below a disk mounted since (${shell.name})`, async () => {
      const facts = await look(shell, '/storage/registry', {
        prepare: bound('disk/data', '/storage'),
        mountedSince: `mount -t tmpfs disk '${onHost('disk')}' && mkdir -p '${onHost('disk/data/registry')}'`,
      });
      const { findings, plan } = judgeFacts(facts);
      assert.partialDeepStrictEqual(findings[0], {
        id: 'container-sees-old-mount',
        severity: 'fault',
        path: '/storage/registry',
        coveredAt: onHost('disk/data/registry'),
        mountPoint: onHost('disk'),
        source: 'disk',
      });
      assert.equal(plan, null);
    });
  });
}

describe('the probe of a registry in other namespaces', { skip }, () => {
  test('a container’s directory that exists only in its image layers gets no path on the host', async () => {
    const facts = await look(DASH, '/srv/registry', {
      root: 'overlay',
      prepare: 'mkdir -p "$new/srv/registry"; chmod 700 "$new/srv"',
    });
    const { findings, plan } = judgeFacts(facts);
    assert.partialDeepStrictEqual(findings[0], { id: 'untraversable-ancestor', path: '/srv', noChmod: 'not-on-host' });
    assert.equal(plan, null);
  });

  test('the probe reads the path of a registry in a chroot from the chroot’s root', async () => {
    const facts = await look(DASH, '/storage/registry', {
      root: 'chroot',
      prepare: 'mkdir -p "$new/storage/registry"; chmod 700 "$new/storage"',
      ownConfig: true,
    });
    assert.deepEqual(placesIn(facts), [
      `/ = ${onHost('container')}`,
      `/storage = ${onHost('container/storage')}`,
      `/storage/registry = ${onHost('container/storage/registry')}`,
    ]);
    assert.deepEqual(facts.rootTries.stat, DENIED);
    assert.equal(judgeFacts(facts).plan?.steps[0]?.path, onHost('container/storage'));
  });

  describe('a registry in a user namespace', () => {
    const mapped = { root: 'host', mapsRootTo: 100_000, prepare: '' } as const;

    test('a registry that is root in a user namespace is reported to override modes only for mapped owners, as the kernel says', async () => {
      chmodSync(tree.at('disk'), 0o700);
      chmodSync(tree.at('disk/data'), 0o700);
      chownSync(tree.at('disk/data'), 100_007, 100_007);
      chownSync(tree.at('disk/data/registry'), 100_007, 100_007);
      const identity = ['--reuid 0', '--regid 0', '--groups 7'];
      const facts = await look(DASH, onHost('disk/data/registry'), { ...mapped, identity });
      assert.partialDeepStrictEqual(facts.process, {
        state: 'known',
        value: {
          identity: { uid: 100_000, gid: 100_000, groups: [100_007], dacOverride: true },
          userNamespace: 'other',
        },
      });
      assert.equal(facts.triedAs.state, 'known', JSON.stringify(facts.triedAs));
      const answers = new Map(facts.searchTries.map(({ path, answer }) => [String(path), answer.result]));
      assert.equal(answers.get(onHost('disk')), 'denied', 'its owner is not mapped');
      assert.equal(answers.get(onHost('disk/data')), 'allowed', 'its owner is mapped');
      const { findings, plan } = judgeFacts(facts);
      assert.partialDeepStrictEqual(findings[0], { id: 'untraversable-ancestor', path: onHost('disk') });
      assert.equal(plan?.steps.length, 1);
    });

    test('the probe tests an ordinary user in a user namespace with its ids on the host', async () => {
      chmodSync(tree.at('disk/data/registry'), 0o700);
      chownSync(tree.at('disk/data/registry'), 101_000, 101_000);
      const identity = ['--reuid 1000', '--regid 1000', '--clear-groups'];
      const facts = await look(DASH, onHost('disk/data/registry'), { ...mapped, identity });
      assert.deepEqual(facts.rootTries.list, ALLOWED);
      assert.equal(facts.triedAs.state === 'known' && facts.triedAs.value.uid, 101_000);
    });
  });

  test('the probe of a login without rights reports that it can’t inspect a registry in other namespaces', async () => {
    const facts = await look(DASH, '/storage/registry', {
      prepare: bound('disk/data', '/storage'),
      probe: { as: { uid: 65534, gid: 65534, groups: [] } },
    });
    assert.equal(facts.view.kind, 'host');
    assert.ok(
      judgeFacts(facts).findings.some(({ id }) => id === 'other-mount-namespace'),
      JSON.stringify(judgeFacts(facts).findings),
    );
  });

  test('the probe reports a registry process’s start time, in clock ticks and in seconds', async () => {
    const before = Date.now() / 1000;
    const facts = await look(DASH, '/storage/registry', { prepare: bound('disk/data', '/storage') });
    const startedAt = facts.process.state === 'known' ? facts.process.value.startedAt : unknown('not-known');
    assert.ok(startedAt.state === 'known' && Math.abs(startedAt.value - before) < 5, JSON.stringify(startedAt));
    assert.match(facts.view.kind === 'process' ? facts.view.startTicks : '', /^\d{2,}$/);
  });
});
