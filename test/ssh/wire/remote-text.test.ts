import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remoteText } from '../../../src/ssh/wire/remote-text.ts';

describe("a host's text in the bot’s messages", () => {
  test('a host’s text in a message of the bot is one line of printable ASCII', () => {
    assert.equal(remoteText('\u001b[31mno\r\n\tentry\u0000 für \u202e you\n'), '[31mno entry f r you');
  });

  test('a host’s text in a message of the bot is cut if it is long', () => {
    assert.equal(remoteText('x'.repeat(10_000)), `${'x'.repeat(200)}…`);
  });
});
