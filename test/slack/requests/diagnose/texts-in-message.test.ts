import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textsInMessage } from '../../../../src/slack/requests/diagnose/texts-in-message.ts';

test('the words of a message, its blocks and its attachments are read, with the fields of an alert as labels', () => {
  const text = textsInMessage({
    type: 'message',
    user: 'U0BOB',
    ts: '1700000000.000100',
    text: 'FIRING &amp; <http://git01:9090|Prometheus>',
    blocks: [{ type: 'section', block_id: 'git09', text: { type: 'mrkdwn', text: '*git02*' } }],
    attachments: [{ fallback: 'git03', fields: [{ title: 'instance', value: 'git04:5000', short: true }] }],
  });
  assert.match(text, /^FIRING & Prometheus$/m);
  for (const part of ['*git02*', 'git03', 'instance: git04:5000']) assert.ok(text.includes(part), part);
  assert.doesNotMatch(text, /git09|U0BOB|1700000000/);
});

test('a message that is no message, or is very deep or long, has an end', () => {
  for (const odd of [undefined, null, 7, 'git01', [], { text: 7 }]) assert.equal(textsInMessage(odd), '');
  const deep = Array.from({ length: 10_000 }).reduce<object>((inner) => ({ inner }), { text: 'git01' });
  assert.equal(textsInMessage(deep), '');
  assert.equal(textsInMessage({ text: 'x'.repeat(100_000) }).length, 40_000);
});
