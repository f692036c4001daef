import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownDigest } from '../../../src/slack/delivery/shown-digest.ts';

const SENT = {
  text: '*git01*: the registry ✖ can’t reach `/srv/a&amp;b`, plan 142-1',
  blocks: [
    {
      type: 'rich_text',
      elements: [
        { type: 'text', text: 'git01 ✖ blocked' },
        { type: 'user', user_id: 'U1' },
      ],
    },
  ],
};

const SAME: Readonly<Record<string, { readonly text: string; readonly blocks: unknown }>> = {
  'block ids that Slack adds': { ...SENT, blocks: SENT.blocks.map((block) => ({ block_id: 'aB3', ...block })) },
  'an emoji as its code': { ...SENT, text: SENT.text.replace('✖', ':heavy_multiplication_x:') },
  'keys in another order': {
    ...SENT,
    blocks: [
      {
        elements: [
          { text: 'git01 ✖ blocked', type: 'text' },
          { user_id: 'U1', type: 'user' },
        ],
        type: 'rich_text',
      },
    ],
  },
};
for (const [what, shown] of Object.entries(SAME)) {
  test(`the digest of a post stays the same with ${what}`, () => assert.equal(shownDigest(shown), shownDigest(SENT)));
}

const OTHER: Readonly<Record<string, { readonly text: string; readonly blocks: unknown }>> = {
  'another letter in its text': { ...SENT, text: SENT.text.replace('142-1', '142-2') },
  'another word in a block': {
    ...SENT,
    blocks: [{ type: 'rich_text', elements: [{ type: 'text', text: 'git01 is healthy' }] }],
  },
  'another person in a block': {
    ...SENT,
    blocks: [
      {
        type: 'rich_text',
        elements: [
          { type: 'text', text: 'git01 ✖ blocked' },
          { type: 'user', user_id: 'U2' },
        ],
      },
    ],
  },
  'a block less': { ...SENT, blocks: [] },
};
for (const [what, shown] of Object.entries(OTHER)) {
  test(`the digest of a post is another with ${what}`, () => assert.notEqual(shownDigest(shown), shownDigest(SENT)));
}
