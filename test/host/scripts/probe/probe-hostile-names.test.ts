import assert from 'node:assert/strict';
import { chownSync, existsSync, lstatSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import type { Facts } from '../../../../src/model/host/facts.ts';
import { bytesFromText, textFromBytes } from '../../../../src/model/host/host-path.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../fake-registry.ts';
import { HOSTILE_NAMES } from '../../hostile-names.ts';
import { configuredHost, factsOf, probe } from '../../probe-run.ts';
import { SERVICE } from '../../sample-plan.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS, type Shell } from '../../shells.ts';

/** The name stands for a link, in its target, for a closed directory, and, where YAML can hold it, in the config. */

const skip = skipUnless('linux', 'root', 'setpriv');
const SETPRIV = ['--reuid 48211', '--regid 48212', '--groups 48213'];

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

for (const { what, bytes } of HOSTILE_NAMES) {
  describe(`the probe of a path whose name has ${what}`, { skip }, () => {
    let tree: ScratchTree;
    let registry: FakeRegistry;
    let link: Buffer;
    let closed: Buffer;
    let root: Buffer;

    before(async () => {
      tree = new ScratchTree();
      tree.directory(tree.at('real'));
      closed = tree.directory(tree.at('real', bytes), 0o750);
      chownSync(closed, 0, 37);
      root = tree.directory(tree.at('real', bytes, 'storage'));
      link = tree.link(isUtf8(bytes) ? tree.at(bytes) : tree.at('way'), root);
      const { registry: settings } = configuredHost(tree, link.toString());
      registry = await startFakeRegistry(tree, { setpriv: SETPRIV, args: ['serve', settings.config] });
    });

    after(async () => {
      await registry?.stop();
      tree?.remove();
    });

    const factsFrom = (shell: Shell): Facts => factsOf(probe(shell, configuredHost(tree, link.toString())));

    for (const shell of SHELLS) {
      const test = inTurn(shell);
      test(`${shell.name}: the probe reports every byte of a directory’s name with ${what}, and whether the service can pass`, {
        skip: shell.skip,
      }, () => {
        const facts = factsFrom(shell);
        const expected = ['/', '/var', '/var/tmp', tree.root, link, tree.at('real'), closed, root].map((path) =>
          hostPath(Buffer.from(path)),
        );
        assert.deepEqual(
          // The way to the config file comes after it.
          facts.nodes.slice(0, expected.length).map(({ path }) => path),
          expected,
        );
        expectSameInodes(facts);
        const seenLink = facts.nodes.find(({ path }) => path === hostPath(link));
        assert.equal(seenLink?.state === 'present' && seenLink.target, textFromBytes(root));
        assert.deepEqual(facts.triedAs, { state: 'known', value: SERVICE });
        const denied = facts.searchTries.filter(({ answer }) => answer.result !== 'allowed');
        assert.deepEqual(denied, [{ path: hostPath(closed), answer: { result: 'denied' } }]);
        assert.deepEqual(facts.rootTries.stat, { state: 'known', value: { result: 'denied' } });
        assert.ok(!existsSync('pwned'));
      });
    }
  });
}

function expectSameInodes(facts: Facts): void {
  for (const node of facts.nodes) {
    assert.equal(node.state, 'present');
    if (node.state !== 'present') continue;
    const { dev, ino, mode, uid, gid } = lstatSync(Buffer.from(bytesFromText(node.path)), { bigint: true });
    assert.deepEqual(
      { device: node.device, inode: node.inode, mode: node.mode, uid: node.uid, gid: node.gid },
      {
        device: String(dev),
        inode: String(ino),
        mode: (mode & 0o7777n).toString(8).padStart(4, '0'),
        uid: Number(uid),
        gid: Number(gid),
      },
    );
  }
}
