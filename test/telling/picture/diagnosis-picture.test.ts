import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { renderPng } from '../../../src/slack/delivery/render-png.ts';
import { diagnosisPicture } from '../../../src/telling/picture/diagnosis-picture.ts';
import { clipped, drawable } from '../../../src/telling/picture/svg.ts';
import { wordsFor } from '../../../src/words/index.ts';
import { english } from '../../support/words/english.ts';
import { hostileDiagnosis, incidentDiagnosis } from '../sample-diagnoses.ts';

/** The texts of a picture, from top to bottom. */
function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);
}

describe('the picture of a diagnosis', () => {
  const diagnosis = incidentDiagnosis;

  test('has every step of the path with its mode and owners, and what blocks has a cross', () => {
    const { svg } = diagnosisPicture(diagnosis, english);
    const texts = textsOf(svg);
    assert.equal(texts[0], 'git01 · untraversable-ancestor');
    const blocked = texts.indexOf('/data/vol1/ops/disk4t');
    assert.deepEqual(texts.slice(blocked - 2, blocked + 2), [
      '/data/vol1/ops',
      '0750 root:ops',
      '/data/vol1/ops/disk4t',
      '0700 root:root',
    ]);
    assert.equal(svg.match(/l8 8 M/g)?.length, 2);
    assert.equal(svg.match(/l3 4 l6 -8/g)?.length, 10);
  });

  test('has of the timeline first what is not only the time of a file, in the order in which it happened', () => {
    const texts = textsOf(diagnosisPicture(diagnosis, english).svg);
    const events = texts.filter((text) => text.includes(' UTC  '));
    assert.equal(events.length, 12);
    assert.match(events[0] ?? '', /^~ 2025-10-09 08:20:00 UTC {2}boot$/);
    assert.match(events.at(-1) ?? '', /UTC {2}taken$/);
    assert.ok(texts.some((text) => text.startsWith('/data/vol1/ops/disk4t [')));
  });

  test('is the same in each language, because its font has no Chinese; its words for screen readers are not', () => {
    const chinese = diagnosisPicture(diagnosis, wordsFor('zh-Hans'));
    const picture = diagnosisPicture(diagnosis, english);
    assert.equal(chinese.svg, picture.svg);
    assert.match(chinese.altText, /^路径检查：共 12 步，2 步受阻\n/);
    assert.match(picture.altText, /^Path check: 12 steps, 2 blocked\n\/data\/vol1\/ops 0750/);
  });

  test('stays a picture of bounded size whatever a host is named, and whatever its names hold', async () => {
    const hostile = hostileDiagnosis('<script>&"');
    const path = HostPath.parse(`/${'<script>&"\x07'.repeat(300)}`);
    const walk = hostile.walk.flatMap((step) => Array.from({ length: 40 }, () => ({ ...step, path })));
    const { svg } = diagnosisPicture({ ...hostile, findings: [], walk }, english);
    assert.doesNotMatch(svg, /<script/);
    assert.ok(Number(/height="(\d+)"/.exec(svg)?.[1]) < 1_200);
    for (const text of textsOf(svg)) assert.ok(text.replace(/&\w+;/g, '.').length <= 54, text);
    assert.equal(
      Buffer.from(await renderPng(svg))
        .subarray(1, 4)
        .toString('latin1'),
      'PNG',
    );
  });

  test('writes a character that its font does not have as its code point', () => {
    assert.equal(drawable('/srv/数据/é'), '/srv/\\u{6570}\\u{636e}/é');
    assert.equal(drawable('a\u202eb'), 'a\\u{202e}b');
    assert.equal(clipped('abcdefghij', 5), 'ab…ij');
    assert.equal(clipped('abcde', 5), 'abcde');
  });
});
