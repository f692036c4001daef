import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageBlock } from '../../../src/playground/slack/blocks/layout.ts';
import { namesIn } from '../../../src/playground/slack/render/names.ts';
import { renderText } from '../../../src/playground/slack/render-text.ts';
import { DEFAULT_WORKSPACE } from '../../../src/playground/slack/workspace.ts';
import { EVERY_BLOCK, raw, richText, words } from './every-block.ts';

const names = namesIn(DEFAULT_WORKSPACE);

function shown(blocks: readonly MessageBlock[], width = 80): string {
  return renderText({ text: 'fallback', blocks }, { width, names });
}

test('the demo prints an aligned table with an underlined heading, and counts wide characters as two columns', () => {
  const table: MessageBlock = {
    type: 'table',
    rows: [
      [raw('path'), raw('mode'), raw('may pass')],
      [raw('/var/opt'), raw('0755'), raw('yes')],
      [raw('/数据'), raw('0700'), richText(words('no', { bold: true }))],
    ],
  };
  assert.equal(
    shown([table]),
    ['path      mode  may pass', '────────  ────  ────────', '/var/opt  0755  yes', '/数据     0700  no'].join('\n'),
  );
});

test('the demo breaks the longest cells of a table that is too wide at spaces, and never inside a path', () => {
  const table: MessageBlock = {
    type: 'table',
    rows: [
      [raw('path'), raw('because')],
      [raw('/data/vol1/ops'), raw('no: not owner, not in group ops')],
    ],
  };
  assert.equal(
    shown([table], 32),
    [
      'path            because',
      '──────────────  ────────────────',
      '/data/vol1/ops  no: not owner,',
      '                not in group ops',
    ].join('\n'),
  );
});

test('the demo prints buttons in brackets', () => {
  const button = (text: string) => ({ type: 'button' as const, text: { type: 'plain_text' as const, text } });
  const actions: MessageBlock = { type: 'actions', elements: [button('Approve & run'), button('Reject')] };
  assert.equal(shown([actions]), '[Approve & run]  [Reject]');
});

test('the demo prints code with its backticks, and names in place of Slack ids', () => {
  const block = richText(
    words('chmod 0751 /data', { code: true }),
    words(' by '),
    { type: 'user', user_id: 'U0BOB' },
    words(' of '),
    { type: 'usergroup', usergroup_id: 'S0APPROVERS' },
    words(' in '),
    { type: 'channel', channel_id: 'C0OPS' },
  );
  assert.equal(shown([block]), '`chmod 0751 /data` by @bob of @registry-approvers in #ops');
});

test('the demo prints Slack markup readably: mentions by name, links with their target, entities decoded', () => {
  const text = '*Plan* for <@U0ALICE>: `a &amp; b` &lt;!channel&gt; <https://example.test/x|the page>';
  assert.equal(
    renderText({ text, blocks: [] }, { width: 200, names }),
    'Plan for @alice: `a & b` <!channel> the page (https://example.test/x)',
  );
});

test('the demo prints no control or invisible character, whichever block of a message holds it', () => {
  const hostile = '\u001b[31m\u0007\u009b2J\u202e\u200b\r\ue000';
  const blocks = EVERY_BLOCK(hostile);
  const text = shown(blocks);
  assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u);
  assert.ok(text.includes('\\x1b[31m\\x07\\x9b2J\\u{202e}\\u{200b}\\x0d\\u{e000}'), text);
});

test('the demo indents the continuation lines of wrapped preformatted text like its first line', () => {
  const block: MessageBlock = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [words('one two three')] }],
  };
  assert.equal(shown([block], 12), '    one two\n    three');
});

test('the demo prints the state of tasks in words', () => {
  const task = (title: string, status: 'pending' | 'in_progress' | 'complete' | 'error') =>
    ({ type: 'task_card', task_id: title, title, status }) as const;
  const plan: MessageBlock = {
    type: 'plan',
    title: 'Execution',
    tasks: [task('Compare', 'complete'), task('Change', 'in_progress'), task('Try', 'pending'), task('Undo', 'error')],
  };
  assert.equal(shown([plan]), 'Execution\n[done] Compare\n[running] Change\n[waiting] Try\n[failed] Undo');
});
