import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { driftBetween, snapshotOf } from '../../../src/incident/watch/host-snapshot.ts';
import { absent, known, unknown } from '../../../src/model/fact.ts';
import { HostSnapshot } from '../../../src/model/fleet/fleet-look.ts';
import { type Facts, Mode, type PresentNode } from '../../../src/model/host/facts.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

const FACTS = incidentFacts();
const directory = FACTS.nodes.findLast((node) => node.state === 'present' && node.kind === 'directory');
const PATH = directory?.path ?? assert.fail();

const drift = (before: Facts, after: Facts) =>
  driftBetween(snapshotOf(before), snapshotOf(after)).map(({ what, path, from, to }) => [what, path, from, to]);

function withNode(change: Partial<Pick<PresentNode, 'mode' | 'owner' | 'target'>>, path: HostPath = PATH): Facts {
  const isIt = (node: Facts['nodes'][number]) => node.state === 'present' && node.path === path;
  return { ...FACTS, nodes: FACTS.nodes.map((node) => (isIt(node) ? { ...node, ...change } : node)) };
}

const mount = (source: string) => ({
  mountPoint: PATH,
  filesystem: 'ext4',
  source,
  options: ['rw'],
  id: null,
  parent: null,
  device: null,
  root: null,
});

const withFstab = (...sources: readonly string[]): Facts => ({
  ...FACTS,
  mountSetup: known({
    fstab: known(sources.map((source) => ({ ...mount(source), options: ['defaults', 'nofail'] }))),
    units: absent,
    resets: known([]),
    uuids: absent,
    devices: absent,
  }),
});

describe('what changed on a host', () => {
  test('is nothing if nothing did, and a snapshot fits its own schema', () => {
    assert.deepEqual(drift(FACTS, FACTS), []);
    HostSnapshot.parse(snapshotOf(FACTS));
  });

  test('is the mode and the owner of a directory on the path', () => {
    const [mode, owner] = directory?.state === 'present' ? [directory.mode, directory.owner] : ['', ''];
    const group = directory?.state === 'present' ? directory.group : '';
    assert.deepEqual(drift(FACTS, withNode({ mode: Mode.parse('0711') })), [['mode', PATH, mode, '0711']]);
    assert.deepEqual(drift(FACTS, withNode({ owner: 'ops' })), [['owner', PATH, `${owner}:${group}`, `ops:${group}`]]);
  });

  test('is the target of a symlink on the path', () => {
    const link = FACTS.nodes.find((node) => node.state === 'present' && node.kind === 'symlink');
    assert.ok(link?.state === 'present' && link.target !== null);
    assert.deepEqual(drift(FACTS, withNode({ target: '/mnt/other' }, link.path)), [
      ['link', link.path, link.target, '/mnt/other'],
    ]);
  });

  test('is the account of the registry and its storage directory', () => {
    const process = FACTS.process;
    assert.ok(process.state === 'known');
    const { identity } = process.value;
    const other = { ...FACTS, process: known({ ...process.value, identity: { ...identity, uid: 1_234 } }) };
    assert.deepEqual(drift(FACTS, other), [
      [
        'account',
        null,
        `${identity.user} (${identity.uid}:${identity.gid})`,
        `${identity.user} (1234:${identity.gid})`,
      ],
    ]);
    const root = FACTS.storageRoot.state === 'known' ? FACTS.storageRoot.value : '';
    assert.deepEqual(drift(FACTS, { ...FACTS, storageRoot: known(HostPath.parse('/srv/new')) }), [
      ['storage-root', null, root, '/srv/new'],
    ]);
  });

  test('is a disk that is mounted on the path, gone from it or another one', () => {
    const [one, other] = ['/dev/sdb1', '/dev/sdc1'].map((source) => ({ ...FACTS, mounts: known([mount(source)]) }));
    const none = { ...FACTS, mounts: known([]) };
    assert.ok(one && other);
    assert.deepEqual(drift(one, other), [['mount', PATH, '/dev/sdb1 (ext4)', '/dev/sdc1 (ext4)']]);
    assert.deepEqual(drift(one, none), [['mount', PATH, '/dev/sdb1 (ext4)', null]]);
    assert.deepEqual(drift(none, one), [['mount', PATH, null, '/dev/sdb1 (ext4)']]);
    const covered = { ...FACTS, mounts: known([mount('/dev/sdb1'), mount('/dev/sdc1')]) };
    assert.deepEqual(drift(other, covered), [], 'the last mount at a place covers the others');
  });

  test('is a line of fstab for a directory on the path', () => {
    const line = (source: string) => `${source} ext4 defaults,nofail`;
    assert.deepEqual(drift(withFstab('UUID=1'), withFstab('UUID=2')), [
      ['fstab', PATH, line('UUID=1'), line('UUID=2')],
    ]);
    assert.deepEqual(drift(withFstab('UUID=1'), withFstab()), [['fstab', PATH, line('UUID=1'), null]]);
  });

  test('is nothing that one of the looks could not see', () => {
    const why = unknown('not-permitted');
    const blind: Facts = { ...FACTS, process: why, account: why, storageRoot: why, mounts: why, mountSetup: why };
    const seen: Facts = { ...withFstab('UUID=1'), mounts: known([mount('/dev/sdb1')]) };
    assert.deepEqual([...drift(blind, seen), ...drift(seen, blind)], []);
    const short: Facts = { ...seen, nodes: seen.nodes.filter(({ path }) => path !== PATH) };
    assert.deepEqual([...drift(short, seen), ...drift(seen, short)], [], 'a directory that one look did not reach');
  });
});
