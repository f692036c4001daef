import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { unknown } from '../../../../../src/model/fact.ts';
import type { Facts } from '../../../../../src/model/host/facts.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { configuredHost } from '../../../probe-run.ts';
import { ScratchTree } from '../../../scratch-tree.ts';
import { BUSYBOX, DASH } from '../../../shells.ts';
import { patientProbe } from '../patient-probe.ts';
import { type NamespacedRegistry, startNamespacedRegistry } from '../service/namespaced-registry.ts';
import { blobData, revisionLink, tagLink } from './registry-storage.ts';
import { writeImage } from './written-image.ts';

/** Images in a container's storage, where no link is followed; and on a host that has busybox alone. */

const skip = skipUnless('linux', 'root', 'setpriv', 'mount-namespaces', 'nsenter');

let tree: ScratchTree;
let storage: string;
let registry: NamespacedRegistry | null;

beforeEach(() => {
  if (skip) return;
  tree = new ScratchTree();
  registry = null;
  storage = tree.directory(tree.at('storage')).toString();
});
afterEach(async () => {
  if (skip) return;
  await registry?.stop();
  tree.remove();
});

function shell(commands: string): void {
  execFileSync('sh', ['-ec', commands], { cwd: `${storage}/docker/registry/v2` });
}

function age(): void {
  execFileSync('find', [storage, '-exec', 'touch', '-h', '-d', 'yesterday', '{}', '+']);
}

/** Tags as the probe tells them, each with its kind. */
function toldIn({ imageLinks }: Facts): { complete: boolean; told: string[] } {
  const links = imageLinks.state === 'known' ? imageLinks.value : assert.fail(JSON.stringify(imageLinks));
  const told = links.samples.map(({ kind, repository, tag }) => `${kind} ${repository}:${tag}`);
  return { complete: links.complete, told: told.toSorted() };
}

describe('the probe checks images in a container', { skip }, () => {
  /** What the registry calls /srv is the storage; on the host, /srv is not. */
  async function look(): Promise<Facts> {
    age();
    const host = configuredHost(tree, '/srv');
    const { config } = host.registry;
    registry = await startNamespacedRegistry(tree, {
      root: 'own',
      identity: ['--reuid 48211', '--regid 48212', '--clear-groups'],
      args: ['serve', config],
      prepare: `mkdir -p "$new/srv" "$new${tree.root}"; mount --bind '${storage}' "$new/srv"
cp '${config}' "$new${config}"; mount --bind '${config}' "$new${config}"`,
    });
    return patientProbe(DASH, host);
  }

  test('the probe finds damaged images in a container by the container’s paths', async () => {
    writeImage(storage, 'team/app', 'intact');
    writeImage(storage, 'team/app', 'v1');
    shell(`: >${tagLink('team/app', 'v1')}; rm ${blobData(writeImage(storage, 'team/app', 'v2'))}`);
    const facts = await look();
    assert.deepEqual(toldIn(facts), { complete: true, told: ['blob-missing team/app:v2', 'empty-link team/app:v1'] });
    const [sample] = facts.imageLinks.state === 'known' ? facts.imageLinks.value.samples : [];
    assert.match(sample?.file ?? '', /^\/srv\/docker\/registry\/v2\//);
  });

  test('the probe reports a container’s images as unknown if all blobs are behind a symlink, which leads elsewhere on the host', async () => {
    writeImage(storage, 'team/app', 'v1');
    shell('mv blobs ../../blobs && ln -s /srv/docker/blobs blobs');
    assert.deepEqual(
      (await look()).imageLinks,
      unknown({ code: 'link-not-followed', detail: 'docker/registry/v2/blobs' }),
    );
  });

  test('the probe does not check a container’s images behind other symlinks, and says so', async () => {
    const digest = writeImage(storage, 'team/app', 'v1');
    shell(`: >${tagLink('team/app', 'v1')}`);
    writeImage(storage, 'team/other', 'v1');
    const shard = blobData(writeImage(storage, 'team/third', 'v1'))
      .split('/')
      .slice(0, 3)
      .join('/');
    assert.notEqual(digest, '');
    shell(`mv ${shard} ../../shard && ln -s /srv/docker/shard ${shard}
      mv repositories/team/other ../../other && ln -s /srv/docker/other repositories/team/other`);
    assert.deepEqual(toldIn(await look()), { complete: false, told: ['empty-link team/app:v1'] });
  });
});

describe('the probe checks images on a host with only busybox', { skip: skip || skipUnless('busybox') }, () => {
  test('the probe finds damaged images with only busybox’s tools as on any other host', () => {
    writeImage(storage, 'team/app', 'intact');
    writeImage(storage, 'team/app', 'v1');
    const [second, third] = [writeImage(storage, 'team/app', 'v2'), writeImage(storage, 'team/app', 'v3')];
    shell(`: >${tagLink('team/app', 'v1')}; rm ${blobData(second)}; : >${revisionLink('team/app', third)}`);
    age();
    const programs = tree.directory(tree.at('busybox')).toString();
    for (const applet of execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
      symlinkSync('/bin/busybox', `${programs}/${applet}`);
    }
    const facts = patientProbe(BUSYBOX, configuredHost(tree, storage), programs);
    assert.deepEqual(toldIn(facts), {
      complete: true,
      told: ['blob-missing team/app:v2', 'empty-link team/app:v1', 'empty-link team/app:v3'],
    });
  });
});

test('with very many tags, the probe checks only the newest ones, and reports the empty link of any tag', {
  skip,
}, (t) => {
  const digest = writeImage(storage, 'team/app', 'v1');
  for (let n = 1; n <= 1_200; n += 1) {
    const directory = `${storage}/docker/registry/v2/repositories/team/app/_manifests/tags/old${n}/current`;
    mkdirSync(directory, { recursive: true });
    writeFileSync(`${directory}/link`, n === 700 ? '' : digest);
  }
  shell(`rm ${blobData(writeImage(storage, 'team/app', 'newest'))}`);
  age();
  shell(`touch -d '1 hour ago' ${tagLink('team/app', 'newest')}`);
  const facts = patientProbe(DASH, configuredHost(tree, storage));
  const links = facts.imageLinks.state === 'known' ? facts.imageLinks.value : assert.fail();
  t.diagnostic(`${links.tagsLookedAt} of ${links.tagsListed}, the script took ${facts.probe.scriptMs} ms`);
  assert.deepEqual([links.tagsListed, links.tagsLookedAt], [1_202, 1_001]);
  assert.deepEqual(toldIn(facts), {
    complete: false,
    told: ['blob-missing team/app:newest', 'empty-link team/app:old700'],
  });
});
