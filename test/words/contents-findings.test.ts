import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeFacts } from '../../src/diagnosis/judge-facts.ts';
import { known } from '../../src/model/fact.ts';
import type { Facts } from '../../src/model/host/facts.ts';
import type { StorageContents } from '../../src/model/host/storage-contents.ts';
import { planPhrases, tellPlan } from '../../src/telling/plan.ts';
import { imagesSentence } from '../../src/words/en/contents-findings.ts';
import { findingWords } from '../../src/words/en/findings.ts';
import { plainText } from '../../src/words/phrase.ts';
import { closedDirectory, contentsOf, foreignOf, triedAndClosed } from '../support/facts/contents-builder.ts';
import { type FactsOptions, factsOf } from '../support/facts/facts-builder.ts';
import { english } from '../support/words/english.ts';

const BLOBS = '/var/lib/registry/docker/registry/v2/blobs';
const CLOSED = closedDirectory({
  path: BLOBS,
  inode: '4713',
  mode: '0755',
  uid: 0,
  gid: 0,
  owner: 'root',
  group: 'root',
});

function withContents(of: Partial<StorageContents>, more: FactsOptions = {}): Facts {
  return factsOf({ contents: known(contentsOf(of)), ...more });
}

function firstOf(facts: Facts) {
  const diagnosis = judgeFacts(facts);
  const [first] = diagnosis.findings;
  assert.ok(first);
  const { title, because, remedy } = findingWords(first, diagnosis);
  return { title: plainText(title), because: plainText(because), remedy: plainText(remedy) };
}

describe('the finding about files with a wrong owner', () => {
  const facts = withContents({ foreign: [foreignOf({ entries: 12_345 })], closed: triedAndClosed(CLOSED) });

  test('the finding about files with a wrong owner says how many, whose, the first examples and how that is known', () => {
    const { title, because } = firstOf(facts);
    assert.equal(title, '12,345 entries below /var/lib/registry/docker are not owned by registry');
    assert.equal(
      because,
      'registry (uid 993, group 993, no other groups) needs access to all of them. root:root (0:0) owns 12,345 entries, all counted. ' +
        'On git01, the kernel denied access to at least 2 of them. ' +
        `The first: ${BLOBS}. ` +
        'The registry’s health check only tests that the storage root exists, so it can still pass.',
    );
  });

  test('the finding about files with a wrong owner shows the command that gives them back to the registry', () => {
    assert.match(
      firstOf(facts).remedy,
      /: find \/var\/lib\/registry\/docker -xdev -uid 0 -gid 0 -exec chown -h --from=0:0 993:0 \{\} \+\. The plan below does this after approval/,
    );
  });

  test('the plan for files with a wrong owner says who gains what, and that nothing else changes', () => {
    const { plan } = judgeFacts(facts);
    assert.ok(plan);
    const text = planPhrases(tellPlan(plan, english), english).map(plainText).join(' ');
    assert.match(text, /registry becomes the owner of 12,345 entries there, all that 0:0 owns/);
    assert.match(text, /Changes only the entries counted, and checks each one first/);
    assert.doesNotMatch(text, /Nothing below them changes/);
  });

  test('the finding about files with a wrong owner says that counting stopped at a limit, and shows a command instead of a plan', () => {
    const cut = withContents({ foreign: [foreignOf()], closed: triedAndClosed(CLOSED), complete: false });
    const { title, because, remedy } = firstOf(cut);
    assert.match(title, /^At least 5 entries/);
    assert.match(because, /the count stopped at its limit/);
    assert.match(
      remedy,
      /To do it by hand, after checking what it would change: find \/var\/lib\/registry\/docker -xdev -uid 0 -exec chown -h 993 \{\} \+\./,
    );
  });

  test('the finding about files with a wrong owner says if no account has their uid', () => {
    const foreign = [foreignOf({ uid: 992, owner: '992' })];
    const closed = triedAndClosed(closedDirectory({ uid: 992, gid: 0 }));
    assert.match(firstOf(withContents({ foreign, closed })).because, /No account on this host has uid 992/);
  });
});

describe('the finding about a blocked directory below the storage root', () => {
  const own = closedDirectory();
  const ownClosed = { count: 1, directories: [own], complete: true };

  test('the finding about a blocked directory below the storage root names the missing permission, and its fix adds only that', () => {
    const { title, remedy } = firstOf(withContents({ closed: triedAndClosed(own), ownClosed }));
    assert.equal(title, `registry can’t create files in ${own.path} below its storage root`);
    assert.equal(
      remedy,
      `Add only the missing permission: chmod 0755 ${own.path}. The plan below does this after approval.`,
    );
  });
});

describe('the sentence about the images', () => {
  const sentence = (images: Parameters<typeof imagesSentence>[0]) => plainText(imagesSentence(images));

  test('a diagnosis says that the images are still on the disk, with the number of repositories', () => {
    assert.equal(
      sentence({ onDisk: 214, atLeast: false, listed: 0 }),
      'Your images are still there: 214 repositories on the disk.',
    );
    assert.equal(
      sentence({ onDisk: 1, atLeast: true, listed: null }),
      'Your images are still there: at least 1 repository on the disk.',
    );
  });

  test('a diagnosis says nothing about the images if it found none', () => {
    assert.equal(sentence(null), '');
    assert.equal(sentence({ onDisk: 0, atLeast: false, listed: 0 }), '');
  });
});
