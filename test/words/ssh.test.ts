import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SshProblem } from '../../src/model/connection/ssh-problem.ts';
import { sshProblem } from '../../src/words/en/ssh.ts';

const DENIED = { errno: 'EACCES', said: 'EACCES: permission denied' };
const MISSING = { errno: 'ENOENT', said: 'ENOENT: no such file or directory' };

const ADVICE: readonly (readonly [what: string, problem: SshProblem, ends: string])[] = [
  [
    'a known_hosts file without permission',
    { code: 'known-hosts-unreadable', file: '/etc/rd/known_hosts', error: DENIED },
    'If the bot’s user can’t read it, run as root: `chgrp registry-doctor /etc/rd/known_hosts && chmod 0640 /etc/rd/known_hosts`.',
  ],
  [
    'a known_hosts file that is missing',
    { code: 'known-hosts-unreadable', file: '/etc/rd/known_hosts', error: MISSING },
    'Check ssh.knownHosts in the config; `registry-doctor host setup HOST` shows how to create the file.',
  ],
  [
    'a private key without permission',
    { code: 'key-unusable', key: { code: 'unreadable', file: '/etc/rd/id', error: DENIED } },
    'If it is the bot’s own key, run as root: `chown registry-doctor /etc/rd/id && chmod 0600 /etc/rd/id`.',
  ],
  [
    'a private key that is missing',
    { code: 'key-unusable', key: { code: 'unreadable', file: '/etc/rd/id', error: MISSING } },
    'Check identityFile in the config, and that the bot’s user can read the file.',
  ],
];

for (const [what, problem, ends] of ADVICE) {
  test(`the advice about ${what} is about that cause`, () => {
    const text = sshProblem(problem);
    assert.ok(text.endsWith(`. ${ends}`), text);
  });
}
