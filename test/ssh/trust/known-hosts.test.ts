import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keysOf, parseKnownHosts } from '../../../src/ssh/trust/known-hosts.ts';
import { ecdsaKey, ed25519Key, otherEd25519Key, wire } from '../keys.ts';

describe('the parser of known_hosts', () => {
  test('the parser of known_hosts reads host, type and key of a plain line, whatever comment follows', () => {
    const { lines } = parseKnownHosts(`git01 ${ed25519Key} ops@laptop, since 2024\n`);
    assert.deepEqual(lines, [
      { line: 1, marker: 'none', hosts: 'git01', keyType: 'ssh-ed25519', key: wire(ed25519Key) },
    ]);
  });

  test('the parser of known_hosts reads a line’s marker', () => {
    const { lines } = parseKnownHosts(`@revoked * ${ed25519Key}\n@cert-authority *.example ${ecdsaKey}\n`);
    assert.deepEqual(
      lines.map(({ marker, hosts }) => [marker, hosts]),
      [
        ['revoked', '*'],
        ['cert-authority', '*.example'],
      ],
    );
  });

  test('the parser of known_hosts accepts comments, empty lines, tabs, leading blanks, CRLF and no last newline', () => {
    const text = `# git01 ${ed25519Key}\n\n   \n \tgit01\t${ed25519Key.replace(' ', '\t')}\r\ngit02  ${ecdsaKey}`;
    const { lines, malformed } = parseKnownHosts(text);
    assert.deepEqual(
      lines.map(({ line, hosts }) => [line, hosts]),
      [
        [4, 'git01'],
        [5, 'git02'],
      ],
    );
    assert.deepEqual(malformed, []);
  });

  const malformedLines = {
    'no key at all': 'git01',
    'a type without key': 'git01 ssh-ed25519',
    'a marker alone': '@revoked',
    'an unknown marker': `@trusted git01 ${ed25519Key}`,
    'a key that is not base64': 'git01 ssh-ed25519 !!!!',
    'a key that is too short': 'git01 ssh-ed25519 AAAA',
    'another type in the key than before it': `git01 ssh-rsa ${ed25519Key.split(' ')[1]}`,
    'a key of protocol 1': 'git01 1024 35 1234567890',
    'a type that only begins a key': `git01 ssh-ed25519 ${Buffer.concat([Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519')]).toString('base64')}`,
  };
  for (const [what, line] of Object.entries(malformedLines)) {
    test(`the parser of known_hosts skips and counts a line with ${what}, and reads the next lines`, () => {
      const { lines, malformed } = parseKnownHosts(`${line}\ngit02 ${ed25519Key}\n`);
      assert.deepEqual(malformed, [1]);
      assert.deepEqual(
        lines.map(({ hosts }) => hosts),
        ['git02'],
      );
    });
  }
});

describe('the known keys of a host', () => {
  test('the known keys of a host are those of all matching known_hosts lines, with each line’s marker', () => {
    const knownHosts = parseKnownHosts(
      [
        `git01,git02 ${ed25519Key}`,
        `git01 ${ecdsaKey}`,
        `git03 ${otherEd25519Key}`,
        `@revoked git* ${otherEd25519Key}`,
        `@cert-authority git01 ${ecdsaKey}`,
      ].join('\n'),
    );
    const keys = keysOf(knownHosts, 'git01');
    assert.deepEqual(
      [keys.trusted, keys.revoked, keys.authorities].map((lines) => lines.map(({ line }) => line)),
      [[1, 2], [4], [5]],
    );
  });

  test('a host without a matching known_hosts line has no known keys', () => {
    assert.deepEqual(keysOf(parseKnownHosts(`git01 ${ed25519Key}`), 'git02'), {
      trusted: [],
      revoked: [],
      authorities: [],
    });
  });
});
