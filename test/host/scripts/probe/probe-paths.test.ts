import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { after, before, describe } from 'node:test';
import type { Facts } from '../../../../src/model/host/facts.ts';
import type { UsedPath } from '../../../../src/model/host/used-path.ts';
import { skipUnless } from '../../../support/requirements.ts';
import { factsOf, probe } from '../../probe-run.ts';
import { hostSettings } from '../../sample-settings.ts';
import { hostPath, ScratchTree } from '../../scratch-tree.ts';
import { inTurn, SHELLS } from '../../shells.ts';

/** An account of every Debian, which stands for the registry's. */
const SERVICE = 'games';

function pathOf(facts: Facts, role: UsedPath['role']): UsedPath {
  const used = facts.paths.find((path) => path.role === role);
  assert.ok(used, `no path is ${role}`);
  return used;
}

/** `stat allowed, read denied, …`: what was answered. */
function triesOf({ tries }: UsedPath): string {
  return Object.entries(tries)
    .flatMap(([use, fact]) => (fact.state === 'known' ? [`${use} ${fact.value.result}`] : []))
    .join(', ');
}

describe('the probe of the paths that a registry uses outside and inside its storage', {
  skip: skipUnless('linux', 'root', 'setpriv'),
}, () => {
  let tree: ScratchTree;
  let settings: ReturnType<typeof hostSettings>;
  before(() => {
    tree = new ScratchTree();
    const at = (name: string) => tree.at(name).toString();
    // More directories on the way than are handed down at once.
    execFileSync('mkdir', [
      '-p',
      at('a/b/c/d/e/f/g/root/docker/registry/v2/repositories'),
      at('disk/closed/blobs'),
      at('auth'),
    ]);
    symlinkSync(at('disk/closed/blobs'), at('a/b/c/d/e/f/g/root/docker/registry/v2/blobs'));
    writeFileSync(at('auth/htpasswd'), 'u:$2y$05$x');
    chmodSync(at('auth/htpasswd'), 0o600);
    writeFileSync(at('auth/cert.pem'), '');
    execFileSync('mkfifo', [at('auth/pipe')]);
    mkdirSync(at('auth/directory'));
    execFileSync('chown', ['-R', SERVICE, at('a/b/c/d/e/f/g/root'), at('disk/closed/blobs')]);
    chmodSync(at('disk/closed'), 0o700);
    const config = tree.config(
      `storage: {filesystem: {rootdirectory: ${at('a/b/c/d/e/f/g/root')}}}\n` +
        `auth:\n  htpasswd: {realm: r, path: ${at('auth/htpasswd')}}\n  token: {rootcertbundle: ${at('auth/directory')}}\n` +
        `http:\n  addr: 127.0.0.1:1\n  tls:\n    certificate: ${at('auth/cert.pem')}\n    key: ${at('auth/pipe')}\n` +
        `    clientcas:\n      - ${at('auth/missing.pem')}\n`,
    );
    settings = hostSettings({ config: hostPath(config), serviceUser: SERVICE });
  });
  after(() => tree.remove());

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe examines each path that the registry uses, and tests access to it as the service`, {
      skip: shell.skip,
    }, () => {
      const facts = factsOf(probe(shell, settings));
      assert.equal(triesOf(pathOf(facts, 'htpasswd')), `stat allowed, read denied, write denied`);
      assert.equal(triesOf(pathOf(facts, 'tls-certificate')), `stat allowed, read allowed, write denied`);
      assert.equal(triesOf(pathOf(facts, 'tls-key')), `stat allowed, read failed, write denied`);
      assert.equal(triesOf(pathOf(facts, 'token-certificate')), `stat allowed, read failed, write denied`);
      assert.equal(triesOf(pathOf(facts, 'tls-client-ca')), `stat failed, read failed, write denied`);
      assert.equal(triesOf(pathOf(facts, 'config')), `stat allowed, read allowed, write denied`);
      assert.equal(triesOf(pathOf(facts, 'storage')), 'stat denied, list denied, create denied');
      assert.equal(facts.rootTries.stat.state, 'known');
      assert.equal(facts.nodes.find(({ path }) => path === hostPath(tree.at('disk/closed')))?.state, 'present');
      const closed = facts.searchTries.find(({ path }) => path === hostPath(tree.at('disk/closed')));
      assert.equal(closed?.answer.result, 'denied');
    });
  }
});
