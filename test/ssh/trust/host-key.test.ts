import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fingerprint, hostKeyAlgorithms, judgeHostKey } from '../../../src/ssh/trust/host-key.ts';
import { keysOf, parseKnownHosts } from '../../../src/ssh/trust/known-hosts.ts';
import { ecdsaKey, ed25519Fingerprint, ed25519Key, otherEd25519Key, rsaKey, wire } from '../keys.ts';

function keysOfGit01(...lines: string[]) {
  return keysOf(parseKnownHosts(lines.join('\n')), 'git01');
}

describe('the bot’s check of a host’s key', () => {
  const cases: [what: string, lines: string[], kind: string][] = [
    ['is trusted when it is the known one', [`git01 ${ed25519Key}`], 'trusted'],
    ['is trusted when it is one of several', [`git01 ${otherEd25519Key}`, `git01 ${ed25519Key}`], 'trusted'],
    ['is unknown when the file is empty', [], 'unknown'],
    ['is unknown when it is known for another host only', [`git02 ${ed25519Key}`], 'unknown'],
    ['is unknown when only a certificate authority is named', [`@cert-authority git01 ${ed25519Key}`], 'unknown'],
    ['is changed when another key of its type is known', [`git01 ${otherEd25519Key}`], 'changed'],
    ['is changed when only a key of another type is known', [`git01 ${rsaKey}`], 'changed'],
    ['is revoked when a line says so', [`@revoked git01 ${ed25519Key}`], 'revoked'],
    ['is revoked even when it is trusted above', [`git01 ${ed25519Key}`, `@revoked * ${ed25519Key}`], 'revoked'],
    ['is revoked even when it is trusted below', [`@revoked * ${ed25519Key}`, `git01 ${ed25519Key}`], 'revoked'],
    ['is trusted when another one is revoked', [`@revoked * ${otherEd25519Key}`, `git01 ${ed25519Key}`], 'trusted'],
    [
      'is trusted when it is revoked for another host only',
      [`@revoked git02 ${ed25519Key}`, `git01 ${ed25519Key}`],
      'trusted',
    ],
  ];
  for (const [what, lines, kind] of cases) {
    test(`a host’s key in the SSH handshake ${what}`, () =>
      assert.equal(judgeHostKey(keysOfGit01(...lines), wire(ed25519Key)).kind, kind));
  }
});

describe('the types of host keys that the bot requests', () => {
  test('the bot requests a host’s key in its known types first, and then in all other safe types', () => {
    assert.deepEqual(hostKeyAlgorithms(keysOfGit01(`git01 ${rsaKey}`, `git01 ${ecdsaKey}`)), [
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ecdsa-sha2-nistp256',
      'ssh-ed25519',
      'ecdsa-sha2-nistp384',
      'ecdsa-sha2-nistp521',
    ]);
  });

  test('the bot never requests a host’s key with SHA-1 or DSA, even if known_hosts has such a key', () => {
    const dsaKey = Buffer.concat([Buffer.from([0, 0, 0, 7]), Buffer.from('ssh-dss'), Buffer.alloc(8)]);
    const algorithms = hostKeyAlgorithms(keysOfGit01(`git01 ssh-dss ${dsaKey.toString('base64')}`));
    assert.equal(algorithms[0], 'ssh-ed25519');
    assert.ok(!algorithms.includes('ssh-dss') && !algorithms.includes('ssh-rsa'));
  });
});

test('a host key’s fingerprint is shown in the format of ssh-keygen -l', () => {
  assert.equal(fingerprint(wire(ed25519Key)), ed25519Fingerprint);
});
