import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { Finding } from '../../../src/model/diagnosis/finding.ts';
import { absent, type Fact, known, unknown } from '../../../src/model/fact.ts';
import type { Facts } from '../../../src/model/host/facts.ts';
import type { ImageDamageKind, ImageLinks } from '../../../src/model/host/image-links.ts';
import { findingWords } from '../../../src/words/en/findings.ts';
import { plainText } from '../../../src/words/phrase.ts';
import { factsOf, hostPath } from '../../support/facts/facts-builder.ts';
import { imageLinksOf, intactLinks } from '../../support/facts/image-links-builder.ts';

const V2 = '/var/lib/registry/docker/registry/v2';

function withLinks(imageLinks: Fact<ImageLinks>, more: Partial<Facts> = {}): Facts {
  return { ...factsOf(), imageLinks, ...more };
}

function wordsOf(links: ImageLinks) {
  const diagnosis = judgeFacts(withLinks(known(links)));
  const finding = diagnosis.findings.find(({ id }) => id === 'image-data-missing');
  assert.ok(finding);
  const { title, because, remedy } = findingWords(Finding.parse(finding), diagnosis);
  return { title: plainText(title), because: plainText(because), remedy: plainText(remedy) };
}

function ofKind(kind: ImageDamageKind): ImageLinks {
  const file = hostPath(`${V2}/blobs/sha256/ab/${'ab'.repeat(32)}/data`);
  return imageLinksOf({ kinds: [{ kind, count: 1 }], samples: [{ kind, repository: 'team/app', tag: 'v1', file }] });
}

describe('the finding about tags that can’t be pulled', () => {
  test('tags that can’t be pulled are a fault without a plan, reported at the first damaged file', () => {
    const { verdict, plan, findings } = judgeFacts(withLinks(known(imageLinksOf())));
    assert.deepEqual([verdict, plan], ['faulty', null]);
    assert.partialDeepStrictEqual(findings[0], {
      id: 'image-data-missing',
      severity: 'fault',
      proof: 'evaluated',
      path: `${V2}/repositories/team/app/_manifests/tags/v1/current/link`,
    });
  });

  for (const [name, links] of [
    ['none is broken', known(intactLinks())],
    ['no registry has kept an image there', absent],
    ['the check was not permitted', unknown('not-permitted')],
  ] as const) {
    test(`tags that can’t be pulled are not reported if ${name}`, () => {
      assert.deepEqual(
        judgeFacts(withLinks(links)).findings.filter(({ id }) => id === 'image-data-missing'),
        [],
      );
    });
  }

  test('tags that can’t be pulled are not searched for on disk if the registry has a metadata database', () => {
    const facts = withLinks(known(imageLinksOf()));
    const config = facts.config.state === 'known' ? known({ ...facts.config.value, database: true }) : assert.fail();
    assert.equal(judgeFacts({ ...facts, config }).verdict, 'healthy');
  });
});

describe('what the finding about tags that can’t be pulled says', () => {
  test('the finding about one tag that can’t be pulled names repository, tag, file, what was checked and the remedy', () => {
    assert.deepEqual(wordsOf(imageLinksOf()), {
      title: "team/app:v1 can't be pulled: a file that it needs is damaged or missing",
      because:
        `${V2}/repositories/team/app/_manifests/tags/v1/current/link is empty (team/app:v1). ` +
        'I checked 10 of 10 tags, and the layers of 9 manifests. 9 other tags showed no damage. ' +
        "The registry still lists these tags, and its health check can't see the damage.",
      remedy:
        'Push the image again under the same tag, from a machine or CI job that has it, or restore the named files from a backup. ' +
        'If no one has the image, delete the tag. Until then, garbage-collect can stop with an error.',
    });
  });

  test('the finding about many tags that can’t be pulled counts them, as “at least” if not all were checked', () => {
    const { title, because } = wordsOf(imageLinksOf({ complete: false, brokenTags: 1_200, tagsListed: 9_000 }));
    assert.equal(
      title,
      "At least 1,200 tags can't be pulled, team/app:v1 among them: files that they need are damaged or missing",
    );
    assert.match(because, / and 1,199 more\. I checked 10 of 9,000 tags/);
  });

  test('the finding about an image without a tag calls it a manifest', () => {
    const [sample] = imageLinksOf().samples;
    const { title, remedy } = wordsOf(
      imageLinksOf({ brokenTags: 0, brokenUntagged: 2, samples: sample ? [{ ...sample, tag: null }] : [] }),
    );
    assert.equal(title, "2 manifests without a tag can't be pulled, the first in team/app");
    assert.match(remedy, /remove the directory of that link/);
  });

  test('the finding about damaged tags says to check the mount first if no tag is intact', () => {
    const { remedy } = wordsOf(imageLinksOf({ brokenTags: 10 }));
    assert.match(
      remedy,
      /^No tag is intact, so check first that the right disk is mounted on git01: findmnt -T \/var\S+v2\/blobs\./,
    );
  });

  const SAYS: readonly (readonly [ImageDamageKind, RegExp, RegExp])[] = [
    ['blob-empty', /move an empty or unreadable blob out of the storage first.*Restart the registry/, /deletes layers/],
    ['manifest-unreadable', /move an empty or unreadable blob out of the storage first/, /deletes layers/],
    ['blob-missing', /Restart the registry before you push.*don't run garbage-collect/, /move/],
    ['layer-missing', /Restart the registry before you push/, /garbage-collect/],
    ['revision-missing', /don't run garbage-collect: it deletes layers/, /Restart/],
    ['link-missing', /Push the image again/, /garbage-collect|Restart|move/],
  ];
  for (const [kind, says, never] of SAYS) {
    test(`the finding about a damaged tag gives advice that fits the damage: ${kind}`, () => {
      const { remedy } = wordsOf(ofKind(kind));
      assert.match(remedy, says);
      assert.doesNotMatch(remedy, never);
      assert.doesNotMatch(remedy, /chmod|chown|setfacl/);
    });
  }
});
