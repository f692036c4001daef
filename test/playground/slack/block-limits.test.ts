import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBlocks } from '../../../src/playground/slack/blocks/parse-blocks.ts';
import { EVERY_BLOCK } from './every-block.ts';

/** What Slack would say of these blocks: its error with the first message, or `ok`. */
function verdict(blocks: unknown): string {
  const parsed = parseBlocks(blocks);
  return parsed.kind === 'blocks' ? 'ok' : [parsed.error, ...parsed.messages.slice(0, 1)].join(': ');
}

const of = (length: number) => 'x'.repeat(length);
const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const actions = (...elements: unknown[]) => ({ type: 'actions', elements });
const button = (fields: object = {}) => ({ type: 'button', text: plain('Go'), ...fields });
const rich = (...elements: unknown[]) => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] });
const text = (value: string) => ({ type: 'text', text: value });
const table = (rows: unknown[][], fields: object = {}) => ({ type: 'table', rows, ...fields });
const cell = (value: string) => ({ type: 'raw_text', text: value });
const task = (fields: object = {}) => ({ type: 'task_card', task_id: '1', title: 'T', status: 'pending', ...fields });
const container = (children: unknown[], fields: object = {}) => ({
  type: 'container',
  title: plain('Raw'),
  child_blocks: children,
  ...fields,
});
const confirm = (fields: object = {}) => ({
  title: plain('t'),
  text: plain('x'),
  confirm: plain('y'),
  deny: plain('n'),
  ...fields,
});

/** Each limit from both sides: the last thing that is taken, the first that is not, and what is said of that. */
const LIMITS: readonly (readonly [name: string, taken: unknown[], refused: unknown[], saying: string])[] = [
  [
    '50 blocks',
    times(50, () => section('x')),
    times(51, () => section('x')),
    'invalid_blocks: no more than 50 items allowed [json-pointer:/blocks]',
  ],
  [
    'the text of a section, at most',
    [section(of(3000))],
    [section(of(3001))],
    'invalid_blocks: must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'the text of a section, at least',
    [section('x')],
    [section('')],
    'invalid_blocks: must be more than 0 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'a section with text or fields',
    [{ type: 'section', fields: [plain('x')] }],
    [{ type: 'section' }],
    'invalid_blocks: missing required field: text [json-pointer:/blocks/0]',
  ],
  [
    'fields of a section',
    [{ type: 'section', fields: times(10, () => plain('x')) }],
    [{ type: 'section', fields: times(11, () => plain('x')) }],
    'invalid_blocks: no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [
    'the text of a field',
    [{ type: 'section', fields: [plain(of(2000))] }],
    [{ type: 'section', fields: [plain(of(2001))] }],
    'invalid_blocks: must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    'a header',
    [{ type: 'header', text: plain(of(150)) }],
    [{ type: 'header', text: plain(of(151)) }],
    'invalid_blocks: must be less than 151 characters [json-pointer:/blocks/0/text/text]',
  ],
  [
    'plain text in a header',
    [{ type: 'header', text: plain('x') }],
    [{ type: 'header', text: mrkdwn('x') }],
    'invalid_blocks: must be one of plain_text [json-pointer:/blocks/0/text/type]',
  ],
  [
    'elements of a context',
    [{ type: 'context', elements: times(10, () => plain('x')) }],
    [{ type: 'context', elements: times(11, () => plain('x')) }],
    'invalid_blocks: no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'buttons in an actions block',
    [actions(...times(25, (index) => button({ action_id: `a${index}` })))],
    [actions(...times(26, (index) => button({ action_id: `a${index}` })))],
    'invalid_blocks: no more than 25 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'an actions block with something in it',
    [actions(button())],
    [actions()],
    'invalid_blocks: no fewer than 1 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [
    'the label of a button',
    [actions(button({ text: plain(of(75)) }))],
    [actions(button({ text: plain(of(76)) }))],
    'invalid_blocks: must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [
    'the label of a button as an object',
    [actions(button())],
    [actions(button({ text: 'Go' }))],
    'invalid_blocks: must provide an object [json-pointer:/blocks/0/elements/0/text]',
  ],
  [
    'the value of a button',
    [actions(button({ value: of(2000) }))],
    [actions(button({ value: of(2001) }))],
    'invalid_blocks: must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    'an action_id',
    [actions(button({ action_id: of(255) }))],
    [actions(button({ action_id: of(256) }))],
    'invalid_blocks: must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    'each action_id once in a block',
    [actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))],
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    'invalid_blocks: `action_id` "a" already exists [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    'the colors of a button',
    [actions(button({ style: 'danger' }), button({ style: 'primary' }))],
    [actions(button({ style: 'warning' }))],
    'invalid_blocks: must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]',
  ],
  [
    'the title of a confirm dialog',
    [actions(button({ confirm: confirm({ title: plain(of(100)) }) }))],
    [actions(button({ confirm: confirm({ title: plain(of(101)) }) }))],
    'invalid_blocks: must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    'the text of a confirm dialog',
    [actions(button({ confirm: confirm({ text: mrkdwn(of(300)) }) }))],
    [actions(button({ confirm: confirm({ text: mrkdwn(of(301)) }) }))],
    'invalid_blocks: must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'the buttons of a confirm dialog',
    [actions(button({ confirm: confirm({ deny: plain(of(30)) }) }))],
    [actions(button({ confirm: confirm({ deny: plain(of(31)) }) }))],
    'invalid_blocks: must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]',
  ],
  [
    'plain text on the buttons of a confirm dialog',
    [actions(button({ confirm: confirm() }))],
    [actions(button({ confirm: confirm({ confirm: mrkdwn('y') }) }))],
    'invalid_blocks: must be one of plain_text [json-pointer:/blocks/0/elements/0/confirm/confirm/type]',
  ],
  [
    'a block_id',
    [{ ...section('x'), block_id: of(255) }],
    [{ ...section('x'), block_id: of(256) }],
    'invalid_blocks: must be less than 256 characters [json-pointer:/blocks/0/block_id]',
  ],
  [
    'each block_id once in a message, containers included',
    [{ ...section('x'), block_id: 'a' }, container([{ ...section('x'), block_id: 'b' }])],
    [{ ...section('x'), block_id: 'a' }, container([{ ...section('x'), block_id: 'a' }])],
    'invalid_blocks: `block_id` "a" already exists [json-pointer:/blocks/1/child_blocks/0/block_id]',
  ],
  [
    'rows of a table',
    [table(times(100, () => [cell('x')]))],
    [table(times(101, () => [cell('x')]))],
    'invalid_blocks: no more than 100 items allowed [json-pointer:/blocks/0/rows]',
  ],
  [
    'cells of a row',
    [table([times(20, () => cell('x'))])],
    [table([times(21, () => cell('x'))])],
    'invalid_blocks: no more than 20 items allowed [json-pointer:/blocks/0/rows/0]',
  ],
  [
    'a cell with something in it',
    [table([[cell(' ')]])],
    [table([[cell('')]])],
    'invalid_blocks: must be more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]',
  ],
  [
    'no number cell, although Slack documents it',
    [table([[cell('1')]])],
    [table([[{ type: 'raw_number', value: 1, text: '1' }]])],
    'invalid_blocks: unsupported type: "raw_number" [json-pointer:/blocks/0/rows/0/0/type]',
  ],
  [
    'the text of all cells',
    [table([times(10, () => cell(of(1000)))])],
    [table([[cell('x'), ...times(10, () => cell(of(1000)))]])],
    'invalid_blocks: table cells hold more than 10000 characters',
  ],
  [
    'one table a message, containers included',
    [table([[cell('x')]])],
    [table([[cell('x')]]), container([table([[cell('x')]])])],
    'invalid_attachments: only_one_table_allowed',
  ],
  [
    'column settings',
    [table([[cell('x')]], { column_settings: times(20, () => ({ align: 'right', is_wrapped: true })) })],
    [table([[cell('x')]], { column_settings: [{ align: 'middle' }] })],
    'invalid_blocks: must be one of left, center, right [json-pointer:/blocks/0/column_settings/0/align]',
  ],
  [
    'rich text with something in it',
    [rich(text('x'))],
    [rich(text(''))],
    'invalid_blocks: must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
  ],
  [
    'styles that rich text knows',
    [rich({ ...text('x'), style: { bold: true, code: true } })],
    [rich({ ...text('x'), style: { color: 'red' } })],
    'invalid_blocks: invalid additional property: color [json-pointer:/blocks/0/elements/0/elements/0/style]',
  ],
  [
    'only text and links in preformatted text',
    [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [text('x')] }] }],
    [
      {
        type: 'rich_text',
        elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U0BOB' }] }],
      },
    ],
    'invalid_blocks: unsupported type: "user" [json-pointer:/blocks/0/elements/0/elements/0/type]',
  ],
  [
    'children of a container',
    [container(times(10, () => section('x')))],
    [container(times(11, () => section('x')))],
    'invalid_blocks: no more than 10 items allowed [json-pointer:/blocks/0/child_blocks]',
  ],
  [
    'no container inside a container',
    [container([section('x')])],
    [container([container([section('x')])])],
    'invalid_blocks: unsupported type: "container" [json-pointer:/blocks/0/child_blocks/0/type]',
  ],
  [
    'a container that is folded can be unfolded',
    [container([section('x')], { is_collapsible: true, default_collapsed: true })],
    [container([section('x')], { default_collapsed: true })],
    'invalid_blocks: default_collapsed requires is_collapsible [json-pointer:/blocks/0]',
  ],
  [
    'tasks of a plan',
    [{ type: 'plan', title: 'P', tasks: times(50, () => task()) }],
    [{ type: 'plan', title: 'P', tasks: times(51, () => task()) }],
    'invalid_blocks: no more than 50 items allowed [json-pointer:/blocks/0/tasks]',
  ],
  [
    'the states of a task',
    [task({ status: 'in_progress' })],
    [task({ status: 'running' })],
    'invalid_blocks: must be one of pending, in_progress, complete, error [json-pointer:/blocks/0/status]',
  ],
  [
    'markdown, over all its blocks',
    times(2, () => ({ type: 'markdown', text: of(6000) })),
    times(2, () => ({ type: 'markdown', text: of(6001) })),
    'msg_blocks_too_long',
  ],
  [
    'the text of all blocks',
    [section('x'), ...times(4, () => section(of(3000))), section(of(1199))],
    [section('x'), ...times(4, () => section(of(3000))), section(of(1200))],
    'msg_blocks_too_long',
  ],
  [
    'fields that the block knows',
    [{ type: 'divider' }],
    [{ type: 'divider', color: 'red' }],
    'invalid_blocks: invalid additional property: color [json-pointer:/blocks/0]',
  ],
  [
    'types that Slack knows',
    [{ type: 'divider' }],
    [{ type: 'accordion' }],
    'invalid_blocks: unsupported type: "accordion" [json-pointer:/blocks/0/type]',
  ],
  [
    'a missing type',
    [{ type: 'divider' }],
    [{}],
    'invalid_blocks: missing required field: type [json-pointer:/blocks/0]',
  ],
  [
    'no input in a message',
    [{ type: 'divider' }],
    [{ type: 'input', label: plain('Why?'), element: { type: 'plain_text_input' } }],
    'invalid_blocks: unsupported type: "input" [json-pointer:/blocks/0/type]',
  ],
];

for (const [name, taken, refused, saying] of LIMITS) {
  test(`the stand-in Slack takes blocks that keep a limit of Slack’s and refuses those that don’t: ${name}`, () => {
    assert.equal(verdict(taken), 'ok');
    assert.equal(verdict(refused), saying);
  });
}

test('the stand-in Slack accepts every kind of block that is in Slack’s format', () => {
  const [first, ...others] = EVERY_BLOCK('x');
  assert.equal(verdict([first, ...others]), 'ok');
});

test('the stand-in Slack rejects blocks that are not a list', () => {
  for (const wrong of ['[', {}, null, 7]) assert.equal(verdict(wrong), 'invalid_blocks_format');
});
