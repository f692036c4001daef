import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe } from 'node:test';
import { absent, known, unknown } from '../../../../../src/model/fact.ts';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../../fake-registry.ts';
import { configuredHost, factsOf, probe } from '../../../probe-run.ts';
import { SERVICE } from '../../../sample-plan.ts';
import { hostPath, ScratchTree } from '../../../scratch-tree.ts';
import { inTurn, SHELLS } from '../../../shells.ts';

/** Which process is the registry; and what its environment says. */

const skip = skipUnless('linux', 'root', 'setpriv');
const AS_SERVICE = ['--reuid 48211', '--regid 48212', '--groups 48213'];

describe('the probe finds the running registry process', { skip }, () => {
  let tree: ScratchTree;
  let host: HostSettings;
  let config: string;
  let started: FakeRegistry[];

  beforeEach(() => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    host = configuredHost(tree, `${tree.root}/root`);
    config = host.registry.config;
    started = [];
  });
  afterEach(async () => {
    await Promise.all(started.map((registry) => registry.stop()));
    tree.remove();
  });

  const start = async (...options: Parameters<typeof startFakeRegistry> extends [unknown, infer O] ? [O] : never) => {
    const registry = await startFakeRegistry(tree, { setpriv: AS_SERVICE, ...options[0] });
    started.push(registry);
    return registry;
  };
  const processSeenBy = (shell: (typeof SHELLS)[number]) => factsOf(probe(shell, host)).process;

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    describe(`under ${shell.name}`, { skip: shell.skip }, () => {
      test('the probe takes the process that names the registry’s config for the registry', async () => {
        const { pid } = await start({ args: ['serve', config] });
        const seen = processSeenBy(shell);
        assert.equal(seen.state === 'known' && seen.value.pid, pid);
        assert.deepEqual(seen.state === 'known' && seen.value.identity, SERVICE);
      });

      test('the probe finds a registry process by the name that Harbor gives it', async () => {
        const { pid } = await start({ args: ['serve', config], name: 'registry_DO_NOT_USE_GC' });
        const seen = processSeenBy(shell);
        assert.equal(seen.state === 'known' && seen.value.pid, pid);
      });

      test('the probe finds a registry process by a config path relative to its working directory', async () => {
        const { pid } = await start({ args: ['serve', 'config.yml'], cwd: tree.root.toString() });
        const seen = processSeenBy(shell);
        assert.equal(seen.state === 'known' && seen.value.pid, pid);
      });

      test('the probe finds a registry process by another name of the same config file', async () => {
        tree.link(tree.at('other name.yml'), config);
        const { pid } = await start({ args: ['serve', `${tree.root}/other name.yml`] });
        const seen = processSeenBy(shell);
        assert.equal(seen.state === 'known' && seen.value.pid, pid);
      });

      test('the probe reports no registry process if the only one running has another config', async () => {
        writeFileSync(tree.at('another.yml'), 'storage: inmemory\n');
        await start({ args: ['serve', `${tree.root}/another.yml`] });
        assert.deepEqual(processSeenBy(shell), absent);
      });

      test('the probe does not take a registry process that only collects garbage for the running registry', async () => {
        await start({ args: ['garbage-collect', config] });
        assert.deepEqual(processSeenBy(shell), absent);
      });

      test('the probe reports the registry process as unknown if two processes name the same config', async () => {
        await start({ args: ['serve', config] });
        await start({ args: ['serve', config] });
        assert.deepEqual(processSeenBy(shell), unknown({ code: 'several-with-config', detail: '2' }));
      });

      test('the probe reads the storage and the address that the registry process’s environment sets', async () => {
        tree.directory(tree.at('moved\nhere'));
        await start({
          args: ['serve', config],
          env: {
            REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: `'${tree.root}/root/'`,
            REGISTRY_HTTP_ADDR: '127.0.0.1:1',
            SECRET: 'hush',
            REGISTRY_HTTP_SECRET: 'hush',
          },
        });
        const parsed = probe(shell, host);
        const root = hostPath(tree.at('root'));
        assert.deepEqual(parsed, { kind: 'walked-other-root', root }, 'the host does not undo quotes of YAML');
        const facts = factsOf(probe(shell, host, { rootOverride: root }));
        assert.deepEqual(facts.storageRoot, known(root));
        assert.deepEqual(facts.config.state === 'known' && facts.config.value.httpAddress, '127.0.0.1:1');
        assert.deepEqual(facts.v2, unknown('connection-refused'));
      });

      test('the probe takes only the service’s own process for the registry, no matter who starts one with the same name', async () => {
        const named = { ...host, registry: { ...host.registry, serviceUser: 'nobody' } };
        const stranger = await start({
          args: ['serve', config],
          env: { REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: '/etc/ssl/private' },
        });
        const alone = factsOf(probe(shell, named));
        const strangers = [{ pid: stranger.pid, uid: SERVICE.uid, user: SERVICE.user }];
        assert.deepEqual([alone.process, alone.foreignProcesses], [absent, strangers]);
        assert.deepEqual(alone.storageRoot, known(hostPath(tree.at('root'))), 'its environment counts for nothing');
        assert.equal(alone.triedAs.state === 'known' && alone.triedAs.value.user, 'nobody');
        const own = await start({
          args: ['serve', config],
          setpriv: ['--reuid nobody', '--regid nogroup', '--clear-groups'],
        });
        const both = factsOf(probe(shell, named));
        assert.equal(both.process.state === 'known' && both.process.value.pid, own.pid);
        assert.deepEqual(both.foreignProcesses, strangers);
      });

      test('the probe finds a registry process that root runs', async () => {
        const named = { ...host, registry: { ...host.registry, serviceUser: 'nobody' } };
        const { pid } = await start({
          args: ['serve', config],
          setpriv: ['--reuid root', '--regid root', '--clear-groups'],
        });
        const seen = factsOf(probe(shell, named)).process;
        assert.equal(seen.state === 'known' && seen.value.pid, pid);
      });

      test('the probe does not take another user’s setuid program with the registry’s name for the registry', async () => {
        const named = { ...host, registry: { ...host.registry, serviceUser: 'nobody' } };
        const { pid } = await start({
          args: ['serve', config],
          setpriv: ['--ruid 48211', '--euid root', '--regid root', '--clear-groups'],
        });
        const facts = factsOf(probe(shell, named));
        assert.deepEqual([facts.process, facts.foreignProcesses.map((one) => one.pid)], [absent, [pid]]);
      });

      test('the probe reads the storage root from the registry process’s environment if that names one', async () => {
        tree.directory(tree.at('moved'));
        await start({
          args: ['serve', config],
          env: { REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: `${tree.root}/moved` },
        });
        assert.deepEqual(factsOf(probe(shell, host)).storageRoot, known(hostPath(tree.at('moved'))));
      });
    });
  }
});
