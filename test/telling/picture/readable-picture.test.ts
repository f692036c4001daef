import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { renderPng } from '../../../src/slack/delivery/render-png.ts';
import { diagnosisPicture } from '../../../src/telling/picture/diagnosis-picture.ts';
import { english } from '../../support/words/english.ts';
import { incidentDiagnosis } from '../sample-diagnoses.ts';

/** The width of a phone's screen in units, and the pixels of one unit. */
const WIDTH = 390;
const ZOOM = 2;
/** WCAG 2: of text, and of marks that are not text. */
const TEXT_CONTRAST = 4.5;
const MARK_CONTRAST = 3;
const SMALLEST_SIZE = 10;

/** How wide each character is, for a size of 1. The font has one width for all of them. */
const ADVANCE = widestAdvance();

const SVG = fullPicture();

describe('the picture of a diagnosis on a phone', () => {
  test('has two pixels for each of the 390 units of the width of a phone', async () => {
    const png = Buffer.from(await renderPng(SVG));
    assert.equal(png.subarray(12, 16).toString('latin1'), 'IHDR');
    assert.equal(png.readUInt32BE(16), WIDTH * ZOOM);
    assert.equal(png.readUInt32BE(20), numberOf(headOf(SVG), 'height') * ZOOM);
  });

  test('has an opaque ground under all of it, so that the theme of Slack shows nowhere behind its text', () => {
    const [ground = assert.fail()] = elementsOf(SVG, 'rect');
    assert.match(String(ground['fill']), /^#[0-9a-f]{6}$/);
    assert.deepEqual([ground['x'], ground['y']], [undefined, undefined]);
    assert.equal(numberOf(ground, 'width'), WIDTH);
    assert.equal(numberOf(ground, 'height'), numberOf(headOf(SVG), 'height'));
    assert.doesNotMatch(SVG, /opacity|rgba|transparent/);
    for (const { left, right } of textsOf(SVG)) {
      const corner = numberOf(ground, 'rx');
      assert.ok(left >= corner && right <= WIDTH - corner, 'text stands beside the round corners');
    }
  });

  test('has enough contrast between each text and what it stands on, and between each mark and that', () => {
    const pairs = new Set<string>();
    for (const { fill, y, text } of textsOf(SVG)) {
      const ground = groundAt(SVG, y);
      pairs.add(`${fill} on ${ground}`);
      assert.ok(contrast(fill, ground) >= TEXT_CONTRAST, `${text}: ${fill} on ${ground}`);
    }
    assert.equal(pairs.size, 4, 'ink and faint on the ground, bad and faint on the tint');
    for (const { stroke, d } of elementsOf(SVG, 'path')) {
      const ground = groundAt(SVG, Number(/^M\S+ (\S+)/.exec(String(d))?.[1]));
      assert.ok(contrast(String(stroke), ground) >= MARK_CONTRAST, `${stroke} on ${ground}`);
    }
  });

  test('has no text that is smaller than ten units', () => {
    const sizes = textsOf(SVG).map(({ size }) => size);
    assert.equal(Math.min(...sizes), SMALLEST_SIZE);
  });

  test('has room for the longest path beside the longest mode and owners, and for the longest title and event', () => {
    const rows = Map.groupBy(textsOf(SVG), ({ y }) => y);
    const pairs = [...rows.values()].filter((row) => row.some(({ anchor }) => anchor === 'end'));
    assert.ok(pairs.length >= 3);
    for (const row of pairs) {
      const [beside = assert.fail()] = row.filter(({ anchor }) => anchor === 'end');
      for (const { right, text } of row.filter((one) => one !== beside)) {
        assert.ok(right < beside.left, `${text} ${beside.text}`);
      }
    }
    for (const { left, right, text } of textsOf(SVG)) assert.ok(left >= 0 && right <= WIDTH, `${right}: ${text}`);
    assert.equal(textsOf(SVG).filter(({ text }) => text.includes('…')).length, 8, 'every kind of text is at its limit');
  });

  test('measures contrast as WCAG does', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21);
    assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
  });
});

/** A picture with a row of each access, and each kind of text at the limit of its length. */
function fullPicture(): string {
  const { walk, whyNow } = incidentDiagnosis;
  const [step = assert.fail()] = walk;
  const path = HostPath.parse(`/${'long-name'.repeat(20)}`);
  const long = { ...step, path, owner: 'owner'.repeat(9), group: 'group'.repeat(9) };
  const [event = assert.fail()] = whyNow?.timeline ?? [];
  return diagnosisPicture(
    {
      ...incidentDiagnosis,
      host: HostName.parse('h'.repeat(60)),
      walk: [
        { ...long, access: 'allowed' },
        { ...long, access: 'denied' },
        { ...long, access: 'unknown' },
      ],
      whyNow: whyNow && { ...whyNow, timeline: [{ ...event, path }] },
    },
    english,
  ).svg;
}

type Attributes = Readonly<Record<string, string>>;

function attributesOf(tag: string): Attributes {
  return Object.fromEntries([...tag.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

function headOf(svg: string): Attributes {
  return attributesOf(/^<svg [^>]*>/.exec(svg)?.[0] ?? '');
}

function elementsOf(svg: string, name: 'rect' | 'path'): readonly Attributes[] {
  return [...svg.matchAll(new RegExp(`<${name} [^>]*>`, 'g'))].map(([tag]) => attributesOf(tag));
}

function numberOf(attributes: Attributes, name: string): number {
  return Number(attributes[name] ?? assert.fail(name));
}

type Text = {
  readonly text: string;
  readonly fill: string;
  readonly size: number;
  readonly anchor: string | undefined;
  readonly y: number;
  readonly left: number;
  readonly right: number;
};

function textsOf(svg: string): readonly Text[] {
  return [...svg.matchAll(/(<text [^>]*>)([^<]*)/g)].map(([, tag = '', text = '']) => {
    const attributes = attributesOf(tag);
    const size = numberOf(attributes, 'font-size');
    const x = numberOf(attributes, 'x');
    const anchor = attributes['text-anchor'];
    const width = text.replace(/&\w+;/g, '.').length * size * ADVANCE;
    const left = anchor === 'end' ? x - width : x;
    return {
      text,
      fill: String(attributes['fill']),
      size,
      anchor,
      y: numberOf(attributes, 'y'),
      left,
      right: left + width,
    };
  });
}

/** The color of the topmost rectangle at this height. */
function groundAt(svg: string, y: number): string {
  const under = elementsOf(svg, 'rect').findLast((rect) => {
    const top = Number(rect['y'] ?? 0);
    return top <= y && y <= top + numberOf(rect, 'height');
  });
  return String(under?.['fill']);
}

function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG's relative luminance of `#rrggbb`. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function widestAdvance(): number {
  const name = '@expo-google-fonts/roboto-mono/400Regular/RobotoMono_400Regular.ttf';
  const font = readFileSync(createRequire(import.meta.url).resolve(name));
  const offsetOf = (table: string) => font.readUInt32BE(font.indexOf(table, 12, 'latin1') + 8);
  const unitsPerEm = font.readUInt16BE(offsetOf('head') + 18);
  return font.readUInt16BE(offsetOf('hhea') + 10) / unitsPerEm;
}
