import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MalformedOutput } from '../../../../src/host/frame/malformed-output.ts';
import { parseImageLinks } from '../../../../src/host/probe/contents/parse-image-links.ts';
import { absent, known, unknown } from '../../../../src/model/fact.ts';
import { ImageLinks } from '../../../../src/model/host/image-links.ts';
import { SeededRandom, seedOfRun } from '../../../support/random.ts';

const HEX = 'ab'.repeat(32);
const SECTION = `tree known
place /srv/r e
looked 12 10 4 part
broken 2 1
count layer-missing 1
count empty-link 2
sample empty-link team/app v1.0_x repositories/team/app/_manifests/tags/v1.0_x/current/link
sample layer-missing team/app - blobs/sha256/ab/${HEX}/data
ended 0
`;

const parse = (text: string) => parseImageLinks(Buffer.from(text, 'latin1'));

describe('the parser of the probe’s output about damaged images', () => {
  test('the parser of damaged images reads them as the probe writes them, with the kinds of damage in a fixed order', () => {
    assert.deepEqual(
      parse(SECTION),
      known({
        complete: false,
        tagsListed: 12,
        tagsLookedAt: 10,
        manifestsRead: 4,
        brokenTags: 2,
        brokenUntagged: 1,
        kinds: [
          { kind: 'empty-link', count: 2 },
          { kind: 'layer-missing', count: 1 },
        ],
        samples: [
          {
            kind: 'empty-link',
            repository: 'team/app',
            tag: 'v1.0_x',
            file: '/srv/r e/docker/registry/v2/repositories/team/app/_manifests/tags/v1.0_x/current/link',
          },
          {
            kind: 'layer-missing',
            repository: 'team/app',
            tag: null,
            file: `/srv/r e/docker/registry/v2/blobs/sha256/ab/${HEX}/data`,
          },
        ],
      }),
    );
  });

  test('the parser of damaged images reads a storage root with a newline or invalid UTF-8 in its name', () => {
    for (const [place, root] of [
      ['place-hex 2f610a62', '/a\nb'],
      ['place /a\xff', '/a\\xff'],
      ['place /', ''],
    ]) {
      const links = parse(SECTION.replace('place /srv/r e', place ?? ''));
      const [sample] = links.state === 'known' ? links.value.samples : assert.fail();
      assert.ok(sample?.file.startsWith(`${root}/docker/registry/v2/`), sample?.file);
    }
  });

  test('the parser of damaged images reports images that were not checked as unknown, and none for a storage without repositories', () => {
    assert.deepEqual(parse('tree unknown  not-permitted \n'), unknown('not-permitted'));
    assert.deepEqual(parse('tree absent\n'), absent);
    assert.deepEqual(parse('tree known\nplace /r\nended 124\n'), unknown('tags-not-in-time'));
  });

  const MALFORMED = [
    ['nothing', ''],
    ['no end', SECTION.replace('ended 0\n', '')],
    ['two ends', `${SECTION}ended 0\n`],
    ['no place', SECTION.replace(/^place.*\n/m, '')],
    ['an unknown kind', SECTION.replaceAll('sample empty-link', 'sample full-link')],
    ['a file that lies elsewhere', SECTION.replace('repositories/team', '/etc/team')],
    ['a name with a space', SECTION.replace('team/app v1', 'team /app v1')],
    ['an invalid number', SECTION.replace('looked 12', 'looked x')],
    ['broken tags that are not told', SECTION.replace(/^sample.*\n/gm, '')],
    ['told tags that are not broken', SECTION.replace('broken 2 1', 'broken 0 0')],
  ] as const;
  for (const [name, text] of MALFORMED) {
    test(`the parser of damaged images rejects malformed output: ${name}`, () =>
      assert.throws(() => parse(text), MalformedOutput));
  }

  test('the parser of damaged images reads any bytes as a fact or rejects them', (t) => {
    const seed = seedOfRun();
    t.diagnostic(`RD_SEED=${seed}`);
    const random = new SeededRandom(seed);
    for (let round = 0; round < 3_000; round += 1) {
      const bytes = Buffer.from(SECTION, 'latin1');
      for (let change = random.int(6); change >= 0; change -= 1) bytes[random.int(bytes.length)] = random.int(256);
      try {
        const links = parseImageLinks(bytes.subarray(random.int(8), bytes.length - random.int(8)));
        if (links.state === 'known') ImageLinks.parse(links.value);
      } catch (error) {
        assert.ok(error instanceof MalformedOutput, `RD_SEED=${seed} round ${round}: ${error}`);
      }
    }
  });
});
