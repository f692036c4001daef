import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Facts, Identity } from '../../../../../src/model/host/facts.ts';
import type { HostSettings } from '../../../../../src/model/settings/settings.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { type FakeRegistry, startFakeRegistry } from '../../../fake-registry.ts';
import { configuredHost, factsOf, probe } from '../../../probe-run.ts';
import { ScratchTree } from '../../../scratch-tree.ts';
import { DASH, inTurn, SHELLS } from '../../../shells.ts';

/** The same tree, tried as different identities; the expected answers are what each would get from the kernel itself. */

const skip = skipUnless('linux', 'root', 'setpriv', 'acl');

type Expected = {
  readonly denied: readonly string[];
  readonly stat: string;
  readonly list: string;
  readonly create: string;
};
type Case = {
  readonly what: string;
  readonly setpriv: readonly string[];
  readonly identity: Partial<Identity>;
  readonly expected: Expected;
};

const READ_SEARCH = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];

const CASES: readonly Case[] = [
  {
    what: 'an account with no rights at all',
    setpriv: ['--reuid 48211', '--regid 48211', '--clear-groups'],
    identity: { uid: 48211, gid: 48211, groups: [], dacOverride: false, dacReadSearch: false },
    expected: { denied: ['group', 'group/acl', 'group/acl/root'], stat: 'denied', list: 'denied', create: 'denied' },
  },
  {
    what: 'a member of the group of the first directory',
    setpriv: ['--reuid 48211', '--regid 48211', '--groups 48220,48221'],
    identity: { groups: [48220, 48221] },
    expected: { denied: ['group/acl', 'group/acl/root'], stat: 'denied', list: 'denied', create: 'denied' },
  },
  {
    what: 'a member by its primary group, with an entry in the ACL',
    setpriv: ['--reuid 48230', '--regid 48220', '--clear-groups'],
    identity: { uid: 48230, gid: 48220, groups: [] },
    expected: { denied: ['group/acl/root'], stat: 'allowed', list: 'denied', create: 'denied' },
  },
  {
    what: 'the owner of the root, who gets there',
    setpriv: ['--reuid 48240', '--regid 48240', '--groups 48220,48250'],
    identity: { uid: 48240, groups: [48220, 48250] },
    expected: { denied: [], stat: 'allowed', list: 'allowed', create: 'allowed' },
  },
  {
    what: 'an account with CAP_DAC_READ_SEARCH, which can read but not write',
    setpriv: ['--reuid 48211', '--regid 48211', '--clear-groups', ...READ_SEARCH],
    identity: { uid: 48211, dacOverride: false, dacReadSearch: true },
    expected: { denied: [], stat: 'allowed', list: 'allowed', create: 'denied' },
  },
  {
    what: 'an account with CAP_DAC_OVERRIDE',
    setpriv: [
      '--reuid 48211',
      '--regid 48211',
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
    ],
    identity: { uid: 48211, dacOverride: true, dacReadSearch: false },
    expected: { denied: [], stat: 'allowed', list: 'allowed', create: 'allowed' },
  },
  {
    what: 'root',
    setpriv: ['--reuid 0', '--regid 0', '--clear-groups'],
    identity: { uid: 0, dacOverride: true, dacReadSearch: true },
    expected: { denied: [], stat: 'allowed', list: 'allowed', create: 'allowed' },
  },
  {
    what: 'root without the capabilities that bypass mode bits, as in a container',
    setpriv: ['--reuid 0', '--regid 48220', '--clear-groups', '--bounding-set=-dac_override,-dac_read_search'],
    identity: { uid: 0, gid: 48220, dacOverride: false, dacReadSearch: false },
    expected: { denied: ['group/acl/root'], stat: 'allowed', list: 'denied', create: 'denied' },
  },
];

for (const { what, setpriv, identity, expected } of CASES) {
  describe(`the probe tests access as ${what}`, { skip }, () => {
    let tree: ScratchTree;
    let registry: FakeRegistry;
    let host: HostSettings;

    before(async () => {
      tree = new ScratchTree();
      chownSync(tree.directory(tree.at('group'), 0o750), 0, 48220);
      chownSync(tree.directory(tree.at('group/acl'), 0o700), 0, 48250);
      execFileSync('setfacl', ['-m', 'u:48230:--x,g:48250:--x', tree.at('group/acl').toString()]);
      chownSync(tree.directory(tree.at('group/acl/root'), 0o700), 48240, 48240);
      host = configuredHost(tree, `${tree.root}/group/acl/root`);
      registry = await startFakeRegistry(tree, { setpriv, args: ['serve', host.registry.config] });
    });
    after(async () => {
      await registry?.stop();
      tree?.remove();
    });

    for (const shell of SHELLS) {
      const test = inTurn(shell);
      test(`${shell.name}: the probe reports the kernel’s own answers to access tests as ${what}`, {
        skip: shell.skip,
      }, () => {
        const facts = factsOf(probe(shell, host));
        assert.equal(facts.triedAs.state, 'known');
        assert.partialDeepStrictEqual(facts.triedAs, { value: identity });
        assert.deepEqual(facts.process.state === 'known' && facts.process.value.identity, facts.triedAs.value);
        assert.equal(facts.searchTries.length, 7);
        const denied = facts.searchTries.filter(({ answer }) => answer.result === 'denied');
        assert.deepEqual(
          denied.map(({ path }) => path.slice(tree.root.length + 1)),
          expected.denied,
        );
        assert.deepEqual(resultsOf(facts), { stat: expected.stat, list: expected.list, create: expected.create });
      });
    }

    test(`the probe reports each directory’s ACL if it tests access as ${what}`, () => {
      const { nodes } = factsOf(probe(DASH, host));
      const acl = nodes.find(({ path }) => path.endsWith('/group/acl'));
      assert.deepEqual(acl?.state === 'present' && acl.acl, {
        state: 'known',
        value: [
          { tag: 'user', id: null, permissions: 'rwx' },
          { tag: 'user', id: 48230, permissions: '--x' },
          { tag: 'group', id: null, permissions: '---' },
          { tag: 'group', id: 48250, permissions: '--x' },
          { tag: 'mask', id: null, permissions: '--x' },
          { tag: 'other', id: null, permissions: '---' },
        ],
      });
    });
  });
}

function resultsOf({ rootTries }: Facts): Record<string, string> {
  const result = (fact: Facts['rootTries']['stat']) => (fact.state === 'known' ? fact.value.result : fact.state);
  return { stat: result(rootTries.stat), list: result(rootTries.list), create: result(rootTries.create) };
}
