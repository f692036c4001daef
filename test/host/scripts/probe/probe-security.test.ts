import assert from 'node:assert/strict';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import type { Facts, PresentNode } from '../../../../src/model/host/facts.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fake-registry.ts';
import { configuredHost, factsOf, type ProbeOptions, probe } from '../../probe-run.ts';
import { ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS, type Shell } from '../../shells.ts';

/** Security modules, the kernel's own rules for links, and the attributes of directories. */

const skip = skipUnless('linux', 'root', 'acl', 'setpriv', 'busybox', 'bash');
const SYSTEM = '/usr/sbin:/usr/bin:/sbin:/bin';

/** Mounts of its own, in which these lines have put stand-ins over the kernel's files before the shell reads the script. */
function prepared(shell: Shell, lines: string): Shell {
  const command = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', `${lines}\nexec "$@"`, 'sh'];
  return { ...shell, command: [...command, ...shell.command] };
}

describe('the probe reads the host’s security modules', { skip }, () => {
  let tree: ScratchTree;
  let registry: FakeRegistry;
  let host: ReturnType<typeof configuredHost>;
  before(async () => {
    tree = new ScratchTree();
    tree.directory(tree.at('root'));
    host = configuredHost(tree, `${tree.root}/root`);
    registry = await startFakeRegistry(tree, {
      setpriv: ['--reuid 48211', '--regid 48212', '--clear-groups'],
      args: ['serve', host.registry.config],
    });
  });
  after(async () => {
    await registry?.stop();
    tree?.remove();
  });

  const securityOf = (shell: Shell, options?: ProbeOptions) => {
    const { security, process } = factsOf(probe(shell, host, options));
    assert.equal(process.state, 'known');
    return security.state === 'known' ? security.value : assert.fail();
  };
  const commands = (name: string, of: Record<string, string>): string => {
    const directory = tree.directory(tree.at(name)).toString();
    for (const [command, text] of Object.entries(of)) {
      writeFileSync(`${directory}/${command}`, `#!/bin/sh\n${text}\n`);
      chmodSync(`${directory}/${command}`, 0o755);
    }
    return `"${directory}":${SYSTEM}`;
  };
  /** A label over that of the process, ended as the module ends it. */
  const labelled = (shell: Shell, label: string) =>
    prepared(
      shell,
      `set -e
      pid=${registry.pid}
      file=$(mktemp)
      printf '${label}' >"$file"
      mount --bind "$file" /proc/$pid/attr/current
      rm "$file"`,
    );
  const withSelinux = (shell: Shell, enforce: string) =>
    prepared(
      shell,
      `set -e; mount -t tmpfs none /sys/fs; mkdir /sys/fs/selinux; printf ${enforce} >/sys/fs/selinux/enforce`,
    );

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    const of = (name: string, run: () => void) =>
      test(`${shell.name}: the probe reports the host’s security modules: ${name}`, { skip: shell.skip }, run);

    of("the kernel's rules for links are those of the machine", () => {
      const inKernel = (name: string) => known(readFileSync(`/proc/sys/fs/${name}`, 'utf8').trim() === '1');
      const { protectedSymlinks, protectedHardlinks } = securityOf(shell);
      assert.deepEqual(protectedSymlinks, inKernel('protected_symlinks'));
      assert.deepEqual(protectedHardlinks, inKernel('protected_hardlinks'));
    });

    of('unreadable rules are unknown', () => {
      const { protectedSymlinks } = securityOf(
        prepared(shell, 'mount --bind /dev/null /proc/sys/fs/protected_symlinks'),
      );
      assert.deepEqual(protectedSymlinks, unknown('not-permitted'));
    });

    of('an enforcing and a permissive SELinux are told by the kernel', () => {
      assert.deepEqual(securityOf(withSelinux(shell, '1')).selinux, known('enforcing'));
      assert.deepEqual(securityOf(withSelinux(shell, '0')).selinux, known('permissive'));
    });

    of("where the kernel's word cannot be read, getenforce's counts", () => {
      const path = commands(`getenforce ${shell.name}`, { getenforce: 'echo Enforcing' });
      assert.deepEqual(securityOf(shell, { path }).selinux, known('enforcing'));
    });

    of('a SELinux that does not say how it is, is unknown', () => {
      assert.deepEqual(securityOf(withSelinux(shell, "''")).selinux, unknown('not-permitted'));
    });

    of('an AppArmor profile is the label, without its newline', () => {
      const label = securityOf(labelled(shell, '/usr/bin/docker-registry (enforce)\\n')).processLabel;
      assert.deepEqual(label, known('/usr/bin/docker-registry (enforce)'));
    });

    of('a SELinux label is the label, without its NUL', () => {
      const label = securityOf(labelled(shell, 'system_u:system_r:container_t:s0:c1,c2\\0')).processLabel;
      assert.deepEqual(label, known('system_u:system_r:container_t:s0:c1,c2'));
    });

    of('an unconfined process has none', () => {
      assert.deepEqual(securityOf(labelled(shell, 'unconfined\\n')).processLabel, absent);
    });

    of('a label that pretends to be more than one line, or a reason, is one label', () => {
      const { processLabel, selinux } = securityOf(labelled(shell, 'evil\\nselinux known enforcing: Invalid\\n'));
      assert.deepEqual(processLabel, known('evilselinux known enforcing: Invalid'));
      assert.deepEqual(selinux, absent);
    });
  }
});

describe('the probe reads file attributes', { skip }, () => {
  let tree: ScratchTree;
  let host: ReturnType<typeof configuredHost>;
  let mounted: string;
  before(() => {
    tree = new ScratchTree();
    mounted = tree.directory(tree.at('mounted')).toString();
    host = configuredHost(tree, `${mounted}/grows/a b\n----i---- /c/kept`);
  });
  after(() => tree?.remove());

  /** On a tmpfs in mounts of the probe's own, so that nothing immutable outlives the test. */
  const withTree = (shell: Shell) =>
    prepared(
      shell,
      `set -e
      mount -t tmpfs none '${mounted}'
      cd '${mounted}'
      mkdir -p 'grows/a b
----i---- /c/kept'
      chattr +i 'grows/a b
----i---- /c/kept'
      chattr +a grows
      cd /`,
    );
  const attributesOf = (facts: Facts) =>
    facts.nodes
      .filter((node): node is PresentNode => node.state === 'present' && node.path.startsWith(`${mounted}/`))
      .map(({ path, immutable, appendOnly }) => [path.slice(mounted.length), immutable, appendOnly]);

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reports immutable and append-only directories whatever their names`, {
      skip: shell.skip,
    }, () => {
      const no = known(false);
      assert.deepEqual(attributesOf(factsOf(probe(withTree(shell), host))), [
        ['/grows', no, known(true)],
        ['/grows/a b\n----i---- ', no, no],
        ['/grows/a b\n----i---- /c', no, no],
        ['/grows/a b\n----i---- /c/kept', known(true), no],
      ]);
    });

    test(`${shell.name}: without lsattr on the host, the probe reports attributes as unknown`, {
      skip: shell.skip,
    }, () => {
      const directory = tree.directory(tree.at(`without ${shell.name}`)).toString();
      for (const name of [
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
        'getent',
        'sed',
        'tail',
      ]) {
        symlinkSync(`/usr/bin/${name}`, `${directory}/${name}`);
      }
      const facts = factsOf(probe(withTree(shell), host, { path: `"${directory}"` }));
      const why = unknown({ code: 'missing-on-host', detail: 'lsattr' });
      assert.ok(
        attributesOf(facts).every(([, immutable, appendOnly]) => isSame(immutable, why) && isSame(appendOnly, why)),
      );
    });

    test(`${shell.name}: the probe reports attributes as unknown only on filesystems that keep none`, {
      skip: shell.skip,
    }, () => {
      const own = new ScratchTree();
      const place = own.directory(own.at('proc')).toString();
      const inProc = prepared(shell, `mount -t proc none '${place}'`);
      const facts = factsOf(probe(inProc, configuredHost(own, `${place}/sys/fs`)));
      own.remove();
      const at = (path: string) => facts.nodes.find((node) => node.path === path);
      assert.partialDeepStrictEqual(at('/'), { immutable: known(false) });
      assert.partialDeepStrictEqual(at(`${place}/sys`), { immutable: unknown('attributes-unread') });
    });
  }
});

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
