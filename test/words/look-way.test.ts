import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LookedBy } from '../../src/model/connection/look-way.ts';
import { wordsFor } from '../../src/words/index.ts';
import { say } from '../../src/words/phrase.ts';
import { english } from '../support/words/english.ts';
import { assertChinese } from '../support/words/translation.ts';

const chinese = wordsFor('zh-Hans');
const at = { address: '10.0.0.5', port: 22, user: 'doctor' };
const url = 'http://127.0.0.1:5000/v2/';
const closed = { code: 'closed' } as const;

const forbidden = { code: 'forwarding-forbidden', at, to: '127.0.0.1:5000', detail: closed } as const;
const LOOKS: readonly (readonly [LookedBy, english: string])[] = [
  [
    { way: 'from-bot', url: 'http://10.0.0.5:5000/v2/', blindBecause: null, failed: [] },
    'over HTTP from the bot’s machine, at http://10.0.0.5:5000/v2/; nothing runs on the host',
  ],
  [
    {
      way: 'from-host',
      url,
      blindBecause: null,
      failed: [
        {
          way: 'from-bot',
          forbidden: false,
          why: { code: 'no-answer', url: 'http://reg/v2/', why: { code: 'no-answer', detail: '3' } },
        },
      ],
    },
    `over HTTP through the SSH connection, at ${url}; nothing runs on the host. No cheaper way works: Tried http://reg/v2/: no answer within 3 seconds.`,
  ],
  [
    {
      way: 'guard',
      url,
      blindBecause: null,
      failed: [
        { way: 'from-bot', forbidden: false, why: { code: 'not-a-registry', url: 'http://reg/v2/' } },
        { way: 'from-host', forbidden: true, why: { code: 'ssh', problem: forbidden } },
      ],
    },
    `by running the guard on the host, at ${url}. No cheaper way works: What answered at http://reg/v2/ is not a registry. sshd on 10.0.0.5 port 22 doesn’t forward to 127.0.0.1:5000: the connection was closed by the other side. Nothing was run. To permit it, add port-forwarding,permitopen="127.0.0.1:5000" to the key’s line in authorized_keys, and check AllowTcpForwarding and PermitOpen in sshd_config.`,
  ],
  [
    { way: 'guard', url: null, blindBecause: { code: 'registry-silent', why: { code: 'no-tool-to-ask' } }, failed: [] },
    'can’t look at the registry: no curl, wget or bash on this host',
  ],
];

for (const [look, words] of LOOKS) {
  test(`check says how a host is monitored (${look.way}): ${words.slice(0, 40)}…`, () => {
    assert.equal(english.lookWay.lookedBy(look), words);
    assertChinese(say`${chinese.lookWay.lookedBy(look)}`);
  });
}
