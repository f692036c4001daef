import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesIn } from '../../../src/playground/slack/render/names.ts';
import { DEFAULT_WORKSPACE } from '../../../src/playground/slack/workspace.ts';
import { EVERY_BLOCK, richText, words } from '../../playground/slack/every-block.ts';
import { renderHtml } from './render-html.ts';

const look = { theme: 'light', widthPx: 390, names: namesIn(DEFAULT_WORKSPACE) } as const;

test('the page that measures a thread’s length escapes HTML in blocks, authors and texts', () => {
  const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;
  const page = renderHtml(
    [
      { author: hostile, text: hostile, blocks: EVERY_BLOCK(hostile) },
      { author: 'bot', text: hostile, blocks: [], isPrivate: true },
    ],
    look,
  );
  assert.deepEqual(unexpectedTags(page), []);
  assert.ok(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'));
});

/** A tag of ours: a known name, with only the few attributes that the page uses, none of them made of foreign text. */
const OUR_TAG =
  /^<(?:!doctype html|\/?(?:html|head|meta|title|style|body|main|article|div|span|h2|hr|b|i|s|u|code|pre|blockquote|ol|ul|li|table|tr|td)(?: (?:lang|data-theme|charset|http-equiv|content|name|style|class|title|start)="[^"<>]*")*)>$/;

function unexpectedTags(page: string): string[] {
  return [...page.matchAll(/<[^>]*>?/g)].map(([tag]) => tag).filter((tag) => !OUR_TAG.test(tag));
}

test('the thread preview page writes out control characters and invisible characters', () => {
  const page = renderHtml([{ author: 'bot', text: '', blocks: EVERY_BLOCK('\u001b[31m\u202e') }], look);
  assert.ok(!page.includes('\u001b') && !page.includes('\u202e'));
  assert.ok(page.includes('\\x1b[31m\\u{202e}'));
});

test('the thread preview page loads nothing from anywhere', () => {
  const page = renderHtml([{ author: 'bot', text: '', blocks: EVERY_BLOCK('text') }], look);
  assert.doesNotMatch(page, /(?:src|href|url)\s*[=(]/);
  assert.ok(page.includes('default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;'));
});

test('the thread preview page has the requested theme and width', () => {
  const page = renderHtml([{ author: 'bot', text: 'x', blocks: [] }], { ...look, theme: 'dark' });
  assert.match(page, /<html lang="en" data-theme="dark">/);
  assert.match(page, /<main style="width: 390px">/);
});

test('the thread preview page shows Slack’s text styles as HTML styles', () => {
  const block = richText(words('a', { bold: true }), words('b', { code: true }), { type: 'user', user_id: 'U0BOB' });
  const page = renderHtml([{ author: 'bot', text: '', blocks: [block] }], look);
  assert.ok(page.includes('<b>a</b><code>b</code><span class="mention">@bob</span>'));
});
