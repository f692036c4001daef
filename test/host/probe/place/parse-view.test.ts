import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FieldValues } from '../../../../src/host/frame/field-values.ts';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import type { OutputField } from '../../../../src/host/frame/read-fields.ts';
import { parseView } from '../../../../src/host/probe/place/parse-view.ts';
import type { View } from '../../../../src/model/host/facts.ts';
import { dir } from '../../../support/facts/facts-builder.ts';

const NODES = [dir('/'), dir('/storage'), dir('/storage/registry', '0770', 'registry:registry')];

/** Device, inode and owners of a node, as the host tells them of the place. */
function statOf(index: number): string {
  const node = NODES[index];
  return node ? `${node.device}:${node.inode}:${node.uid}:${node.gid}` : assert.fail();
}

type Told = { view?: string; places?: readonly (readonly [string, string])[]; stats?: readonly string[] };

function viewOf({ view = 'process 7 123', places = [], stats = [] }: Told): View {
  const outputFields: OutputField[] = [
    field('view', view),
    ...places.flatMap(([path, place]) => [field('host-path-of', path), field('host-path', place)]),
    field('host-stats', stats.join('\n')),
    field('host-mounts=known', '27 1 254:0 / / rw ext4 /dev/vda rw'),
  ];
  return parseView(new FieldValues(outputFields), outputFields, NODES);
}

function field(key: string, value: string): OutputField {
  return { key, value: Buffer.from(value) };
}

function placesIn(told: Told): readonly string[] {
  const view = viewOf(told);
  return view.kind === 'process' ? view.hostPaths.map(({ hostPath }) => hostPath) : assert.fail();
}

describe('the parser of whose mounts the probe saw', () => {
  test('the parser of the probe’s view reads a probe that saw the host’s own mounts', () =>
    assert.deepEqual(viewOf({ view: 'host' }), { kind: 'host' }));

  test('the parser of the probe’s view reads a probe that saw a process’s mounts, with host paths and the host’s mounts', () => {
    const view = viewOf({ places: [['/storage', '/srv/a\nb']], stats: [statOf(1)] });
    assert.partialDeepStrictEqual(view, {
      kind: 'process',
      pid: 7,
      startTicks: '123',
      hostPaths: [{ path: '/storage', hostPath: '/srv/a\nb' }],
      hostMounts: { state: 'known', value: [{ mountPoint: '/', device: '254:0' }] },
    });
  });

  const PLACES = [
    ['/storage', '/srv/a'],
    ['/storage/registry', '/srv/a/registry'],
  ] as const;

  test('a host path of a container’s directory is kept only if the host has the same inode there', () => {
    assert.deepEqual(placesIn({ places: PLACES, stats: [statOf(1), statOf(0)] }), ['/srv/a']);
  });

  test('no host path of a container’s directory is kept if a mount shifts its owners', () => {
    const shifted = statOf(2).replace(/:993:993$/, ':100993:100993');
    assert.notEqual(shifted, statOf(2));
    assert.deepEqual(placesIn({ places: PLACES, stats: [statOf(1), shifted] }), ['/srv/a']);
  });

  test('no host path is kept for a container’s directory that is not on the path', () => {
    assert.deepEqual(placesIn({ places: [['/etc', '/etc']], stats: ['1:1:0:0'] }), []);
  });

  test('no host paths are kept for a container if a directory vanished during the probe', () => {
    assert.deepEqual(placesIn({ places: PLACES, stats: [statOf(1)] }), []);
  });

  for (const view of ['', 'process', 'process x 1', 'process 7', 'process 7 -1', 'somebody 7 1']) {
    test(`the parser of the probe’s view rejects ${JSON.stringify(view)}`, () =>
      assert.throws(() => viewOf({ view }), MalformedOutput));
  }

  test('the parser of the probe’s view rejects a container’s path with half a host path', () => {
    const outputFields = [field('view', 'process 7 1'), field('host-path-of', '/storage'), field('host-stats', '')];
    assert.throws(() => parseView(new FieldValues(outputFields), outputFields, NODES), MalformedOutput);
  });
});
