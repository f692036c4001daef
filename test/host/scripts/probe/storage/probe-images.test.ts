import assert from 'node:assert/strict';
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { judgeFacts } from '../../../../../src/diagnosis/judge-facts.ts';
import { absent, unknown } from '../../../../../src/model/fact.ts';
import type { Facts } from '../../../../../src/model/host/facts.ts';
import type { ImageDamageKind, ImageLinks } from '../../../../../src/model/host/image-links.ts';
import {
  digestOf,
  type PushedImage,
  pullImage,
  pushBlob,
  pushImage,
  pushIndex,
  statusOf,
} from '../../../../support/hosts/registry-client.ts';
import { skipUnless } from '../../../../support/requirements.ts';
import { DASH, inTurn, SHELLS, type Shell } from '../../../shells.ts';
import { patientProbe } from '../patient-probe.ts';
import { blobData, layerLink, RegistryStorage, revisionLink, tagLink } from './registry-storage.ts';

/** Tags that cannot be pulled, built for real: a pull from the real registry is the judge of each. */

const skip = skipUnless('linux', 'root', 'docker-registry', 'setpriv');

type Damage = {
  readonly name: ImageDamageKind | string;
  readonly kind: ImageDamageKind;
  /** What the registry answers to a pull; 502: with other bytes than the digest's. */
  readonly status: number;
  readonly file: (repository: string, image: PushedImage) => string;
  readonly damage: (file: string) => void;
};

const empty = (file: string) => truncateSync(file);
const remove = (file: string) => rmSync(file);
const layerOf = ({ layerDigests: [layer = ''] }: PushedImage) => layer;

const DAMAGES: readonly Damage[] = [
  { name: 'tag-empty', kind: 'empty-link', status: 500, file: (name) => tagLink(name, 'v1'), damage: empty },
  { name: 'tag-gone', kind: 'link-missing', status: 404, file: (name) => tagLink(name, 'v1'), damage: remove },
  {
    name: 'tag-zeros',
    kind: 'malformed-link',
    status: 500,
    file: (name) => tagLink(name, 'v1'),
    damage: (file) => writeFileSync(file, Buffer.alloc(71)),
  },
  {
    name: 'tag-newline',
    kind: 'malformed-link',
    status: 500,
    file: (name) => tagLink(name, 'v1'),
    damage: (file) => writeFileSync(file, `sha256:${'ab'.repeat(32)}\n`),
  },
  {
    name: 'tag-short',
    kind: 'malformed-link',
    status: 500,
    file: (name) => tagLink(name, 'v1'),
    damage: (file) => truncateSync(file, 40),
  },
  {
    name: 'revision-empty',
    kind: 'empty-link',
    status: 500,
    file: (name, image) => revisionLink(name, image.manifestDigest),
    damage: empty,
  },
  {
    name: 'revision-gone',
    kind: 'revision-missing',
    status: 404,
    file: (name, image) => revisionLink(name, image.manifestDigest),
    damage: (file) => rmSync(file.replace(/\/link$/, ''), { recursive: true }),
  },
  {
    name: 'manifest-gone',
    kind: 'blob-missing',
    status: 404,
    file: (_name, image) => blobData(image.manifestDigest),
    damage: remove,
  },
  {
    name: 'manifest-empty',
    kind: 'blob-empty',
    status: 500,
    file: (_name, image) => blobData(image.manifestDigest),
    damage: empty,
  },
  {
    name: 'manifest-zeros',
    kind: 'manifest-unreadable',
    status: 500,
    file: (_name, image) => blobData(image.manifestDigest),
    damage: (file) => writeFileSync(file, Buffer.alloc(700)),
  },
  {
    name: 'layer-gone',
    kind: 'layer-missing',
    status: 404,
    file: (_name, image) => blobData(layerOf(image)),
    damage: remove,
  },
  {
    name: 'layer-empty',
    kind: 'blob-empty',
    status: 502,
    file: (_name, image) => blobData(layerOf(image)),
    damage: empty,
  },
  {
    name: 'config-gone',
    kind: 'layer-missing',
    status: 404,
    file: (_name, image) => blobData(image.configDigest),
    damage: remove,
  },
  {
    name: 'layer-link-gone',
    kind: 'layer-missing',
    status: 404,
    file: (name, image) => layerLink(name, layerOf(image)),
    damage: remove,
  },
  {
    name: 'layer-link-empty',
    kind: 'empty-link',
    status: 500,
    file: (name, image) => layerLink(name, layerOf(image)),
    damage: empty,
  },
];

function lookedAt({ settings }: RegistryStorage, shell: Shell = DASH): Facts {
  return patientProbe(shell, settings);
}

function linksOf({ imageLinks }: Facts): ImageLinks {
  assert.equal(imageLinks.state, 'known', JSON.stringify(imageLinks));
  return imageLinks.state === 'known' ? imageLinks.value : assert.fail();
}

function findingIn(facts: Facts) {
  return judgeFacts(facts).findings.find(({ id }) => id === 'image-data-missing');
}

describe('the probe finds damaged images', { skip }, () => {
  const storage = new RegistryStorage();
  const files = new Map<string, string>();
  const images = new Map<string, PushedImage>();
  before(async () => {
    await storage.start();
    const { url } = storage.registry;
    for (const { name } of DAMAGES) {
      images.set(name, await pushImage(url, `team/${name}`, 'v1'));
      await pushImage(url, `team/${name}`, 'intact');
    }
    for (const { name, file, damage } of DAMAGES) {
      const path = storage.at(file(`team/${name}`, images.get(name) ?? assert.fail()));
      damage(path);
      files.set(name, path);
    }
    storage.age();
    await storage.restart();
  });
  after(() => storage.stop());

  for (const { name, status } of DAMAGES) {
    test(`${name}: a real registry answers a pull of a damaged image with ${status} and lists the tag`, async () => {
      const { url } = storage.registry;
      assert.equal((await pullImage(url, `team/${name}`, 'v1')).status, status);
      assert.equal((await pullImage(url, `team/${name}`, 'intact')).status, 200);
      const listed = await fetch(`${url}/v2/team/${name}/tags/list`);
      assert.match(await listed.text(), /"v1"/);
    });
  }

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe reports each damaged image with repository, tag, file and kind of damage, and no intact tag`, {
      skip: shell.skip,
    }, () => {
      const facts = lookedAt(storage, shell);
      const links = linksOf(facts);
      const told = (samples: ImageLinks['samples']) =>
        samples.map(({ kind, repository, tag, file }) => `${kind} ${repository}:${tag} ${file}`).toSorted();
      assert.deepEqual(
        told(links.samples),
        DAMAGES.map(({ name, kind }) => `${kind} team/${name}:v1 ${files.get(name)}`).toSorted(),
      );
      assert.deepEqual(
        { ...links, samples: [], kinds: [], manifestsRead: 0 },
        {
          complete: true,
          tagsListed: 2 * DAMAGES.length,
          tagsLookedAt: 2 * DAMAGES.length,
          manifestsRead: 0,
          brokenTags: DAMAGES.length,
          brokenUntagged: 0,
          samples: [],
          kinds: [],
        },
      );
      assert.partialDeepStrictEqual(findingIn(facts), { severity: 'fault', brokenTags: DAMAGES.length });
      assert.deepEqual([judgeFacts(facts).verdict, judgeFacts(facts).plan], ['faulty', null]);
    });
  }

  test('pushing a damaged image again repairs everything except damaged existing blobs, as the finding’s remedy says', async () => {
    const { url } = storage.registry;
    const stays: string[] = [];
    for (const { name } of DAMAGES) {
      await pushImage(url, `team/${name}`, 'v1');
      const { status } = await pullImage(url, `team/${name}`, 'v1');
      if (status !== 200) stays.push(name);
    }
    assert.deepEqual(stays, ['manifest-empty', 'manifest-zeros', 'layer-empty']);
    for (const name of stays) rmSync(files.get(name) ?? assert.fail());
    await storage.restart();
    for (const name of stays) {
      await pushImage(storage.registry.url, `team/${name}`, 'v1');
      assert.equal((await pullImage(storage.registry.url, `team/${name}`, 'v1')).status, 200, name);
    }
    storage.age();
    assert.deepEqual(linksOf(lookedAt(storage)).samples, []);
  });
});

describe('the probe does not report intact images', { skip }, () => {
  const storage = new RegistryStorage();
  before(async () => {
    await storage.start();
    const { url } = storage.registry;
    const amd = await pushImage(url, 'multi/app', 'amd64');
    const arm = await pushImage(url, 'multi/app', 'arm64');
    await pushIndex(url, 'multi/app', 'all', [amd, arm]);
    // A tag that moved on leaves a manifest without a tag, and links in its index.
    await pushImage(url, 'moved/app', 'v1');
    const old = await pushImage(url, 'moved/app', 'v1', { layers: [Buffer.from('old')] });
    await pushImage(url, 'moved/app', 'v1', { layers: [Buffer.from('new')] });
    await pushImage(url, 'empty/app', 'v1', { layers: [Buffer.alloc(0), Buffer.from('more')] });
    await pushImage(url, 'index/app', 'index');
    await pushImage(url, 'current/app', 'current');
    await writeArtifact(storage);
    const deleted = await pushImage(url, 'deleted/app', 'v1');
    storage.shell(
      `rm ${storage.at(revisionLink('deleted/app', deleted.manifestDigest))}; rm -r ${storage.at('repositories/deleted/app/_manifests/tags/v1')}`,
    );
    // As garbage-collect leaves it: the blob is gone, its links in _layers and in the index of the tag stay.
    storage.shell(`rm -r ${storage.at(blobData(layerOf(old))).replace(/\/data$/, '')}`);
    storage.shell(
      `rm -r ${storage.at(revisionLink('moved/app', old.manifestDigest)).replace(/\/link$/, '')} ${storage.at(blobData(old.manifestDigest))}`,
    );
    await fetch(`${url}/v2/upload/app/blobs/uploads/`, { method: 'POST' });
    storage.shell(`docker-registry garbage-collect ${storage.registry.configFile}`);
    await storage.restart();
    storage.age();
  });
  after(() => storage.stop());

  const TAGS: readonly (readonly [string, string])[] = [
    ['multi/app', 'all'],
    ['moved/app', 'v1'],
    ['empty/app', 'v1'],
    ['index/app', 'index'],
    ['current/app', 'current'],
  ];

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe does not report intact images, whatever else is in the storage`, {
      skip: shell.skip,
    }, async () => {
      for (const [name, tag] of TAGS) {
        assert.deepEqual(await pullImage(storage.registry.url, name, tag), { status: 200, failedAt: null });
      }
      const links = linksOf(lookedAt(storage, shell));
      assert.deepEqual(links, {
        complete: true,
        tagsListed: 8,
        tagsLookedAt: 8,
        manifestsRead: 8,
        brokenTags: 0,
        brokenUntagged: 0,
        kinds: [],
        samples: [],
      });
    });
  }

  test('the probe reports an index whose manifest has lost a layer under the index’s own tag', async () => {
    const only = await pushImage(storage.registry.url, 'child/app', 'passing', { layers: [Buffer.from('of a child')] });
    await pushIndex(storage.registry.url, 'child/app', 'all', [only]);
    storage.shell(
      `rm -r ${storage.at('repositories/child/app/_manifests/tags/passing')} ${storage.at(blobData(layerOf(only)))}`,
    );
    await storage.restart();
    storage.age();
    assert.equal((await pullImage(storage.registry.url, 'child/app', 'all')).status, 404);
    const links = linksOf(lookedAt(storage));
    storage.shell(`rm -r ${storage.at('repositories/child')}`);
    assert.deepEqual(
      links.samples.map(({ kind, repository, tag }) => [kind, repository, tag]),
      [['layer-missing', 'child/app', 'all']],
    );
  });

  test('the probe reports an untagged manifest with an empty link, at which garbage-collect stops', async () => {
    const image = await pushImage(storage.registry.url, 'untagged/app', 'v1');
    storage.shell(`rm -r ${storage.at('repositories/untagged/app/_manifests/tags/v1')}`);
    truncateSync(storage.at(revisionLink('untagged/app', image.manifestDigest)));
    storage.age();
    assert.equal(await statusOf(`${storage.registry.url}/v2/untagged/app/manifests/${image.manifestDigest}`), 500);
    assert.throws(() => storage.shell(`docker-registry garbage-collect --dry-run ${storage.registry.configFile} 2>&1`));
    const facts = lookedAt(storage);
    storage.shell(`rm -r ${storage.at('repositories/untagged')}`);
    assert.deepEqual([linksOf(facts).brokenTags, linksOf(facts).brokenUntagged], [0, 1]);
    assert.partialDeepStrictEqual(linksOf(facts).samples, [{ repository: 'untagged/app', tag: null }]);
    assert.equal(findingIn(facts)?.severity, 'fault');
  });

  test('the probe does not report an image that is being written or removed at that moment', async () => {
    const image = await pushImage(storage.registry.url, 'young/app', 'v1');
    storage.age();
    truncateSync(storage.at(tagLink('young/app', 'v1')));
    const removed = await pushImage(storage.registry.url, 'young/app', 'v2');
    storage.age();
    // Its directory has changed now: deletion by digest takes this link first, and then the tags.
    rmSync(storage.at(revisionLink('young/app', removed.manifestDigest)));
    truncateSync(storage.at(tagLink('young/app', 'v1')));
    const links = linksOf(lookedAt(storage));
    storage.shell(`rm -r ${storage.at('repositories/young')}`);
    assert.ok(image);
    assert.deepEqual([links.samples, links.complete], [[], false]);
  });

  test('the probe reports an image that was half-written before the last boot as damaged, however recent it is', async () => {
    await pushImage(storage.registry.url, 'booted/app', 'v1');
    truncateSync(storage.at(tagLink('booted/app', 'v1')));
    storage.shell(
      `touch -d "@$(($(sed -n 's/^btime //p' /proc/stat) - 1))" ${storage.at(tagLink('booted/app', 'v1'))}`,
    );
    const links = linksOf(lookedAt(storage));
    storage.shell(`rm -r ${storage.at('repositories/booted')}`);
    assert.equal(links.brokenTags, 1);
  });

  test('the probe does not take a directory whose name no registry accepts for a tag', () => {
    const odd = storage.at('repositories/odd');
    storage.shell(`mkdir -p '${odd}/a b/_manifests/tags/v 1/current' "${odd}/$(printf 'n\\n1 2 x')/_manifests/tags/\\$(id)/current"
      : >'${odd}/a b/_manifests/tags/v 1/current/link'; find '${odd}' -exec touch -d yesterday {} +`);
    const links = linksOf(lookedAt(storage));
    storage.shell(`rm -r ${odd}`);
    assert.deepEqual([links.tagsListed, links.samples], [8, []]);
  });

  for (const shell of SHELLS) {
    const test = inTurn(shell);
    test(`${shell.name}: the probe follows symlinks to blobs and to a repository, and skips a symlink loop`, {
      skip: shell.skip,
    }, async () => {
      const blobs = storage.at('blobs');
      const repositories = storage.at('repositories');
      storage.shell(`mv ${blobs} elsewhere && ln -s ../../../../elsewhere ${blobs}
        mv ${repositories}/index there && ln -s ${storage.directory}/there ${repositories}/index
        ln -s . ${repositories}/loop && ln -s .. ${repositories}/multi/up`);
      const facts = lookedAt(storage, shell);
      const pulled = await pullImage(storage.registry.url, 'index/app', 'index');
      storage.shell(`rm ${repositories}/loop ${repositories}/multi/up ${blobs} ${repositories}/index
        mv elsewhere ${blobs} && mv there ${repositories}/index`);
      assert.equal(pulled.status, 200);
      const links = linksOf(facts);
      assert.deepEqual(links.samples, []);
      assert.ok(links.tagsLookedAt >= 8, `${links.tagsLookedAt}`);
    });
  }

  test('for a storage without any blob, as under an unmounted disk, the probe reports every tag, and the advice is to check the mount', () => {
    storage.shell(`mv ${storage.at('blobs')} elsewhere && mkdir ${storage.at('blobs')}`);
    const facts = lookedAt(storage);
    storage.shell(`rmdir ${storage.at('blobs')} && mv elsewhere ${storage.at('blobs')}`);
    assert.deepEqual(linksOf(facts).kinds, [{ kind: 'blob-missing', count: 8 }]);
  });

  test('the probe reports the images of a pull-through cache as unknown, since the cache downloads missing blobs again', () => {
    const tag = storage.at(tagLink('index/app', 'index'));
    storage.shell(
      `cp -p ${tag} saved && : >${tag} && touch -d yesterday ${tag} && echo '{}' >root/scheduler-state.json`,
    );
    const cached = lookedAt(storage);
    storage.shell('rm root/scheduler-state.json');
    const own = lookedAt(storage);
    storage.shell(`cp -p saved ${tag}`);
    assert.deepEqual(cached.imageLinks, unknown('pull-through-cache'));
    assert.equal(linksOf(own).brokenTags, 1);
  });
});

describe('the probe checks a storage without images', { skip }, () => {
  test('the probe reports no damaged images for a storage without images', async () => {
    const storage = new RegistryStorage();
    try {
      await storage.start();
      assert.deepEqual(lookedAt(storage).imageLinks, absent);
    } finally {
      await storage.stop();
    }
  });
});

/**
 * What need not be there: a layer that comes from elsewhere, what an artifact is about, and words that read like a descriptor. A
 * registry takes such a layer where its config allows the URL (manifests.urls.allow); so this is written by hand.
 */
async function writeArtifact(storage: RegistryStorage): Promise<void> {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const digest = await pushBlob(storage.registry.url, 'artifact/app', Buffer.from('{}'));
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 2, annotations: { digest: 'sha256:x' } },
      layers: [
        {
          mediaType: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
          digest: digestOf(Buffer.from('elsewhere')),
          size: 9,
        },
        { mediaType: 'layer', digest: digestOf(Buffer.from('url')), size: 9, urls: ['https://example.com/layer'] },
      ],
      subject: { mediaType, digest: digestOf(Buffer.from('nowhere')), size: 7 },
      annotations: { 'a "quoted" \\ key': `{"layers":[{"digest":"${digestOf(Buffer.from('no'))}"}]}` },
    }),
  );
  const manifestDigest = digestOf(manifest);
  const files: readonly (readonly [string, string | Buffer])[] = [
    [blobData(manifestDigest), manifest],
    [revisionLink('artifact/app', manifestDigest), manifestDigest],
    [tagLink('artifact/app', 'v1'), manifestDigest],
  ];
  for (const [path, content] of files) {
    mkdirSync(dirname(storage.at(path)), { recursive: true });
    writeFileSync(storage.at(path), content);
  }
}
