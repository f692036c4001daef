import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseSshsig, signText } from '../../../src/ssh/signing/sshsig.ts';
import { readPrivateKey } from '../../../src/ssh/trust/private-key.ts';
import { type HostKeyType, makeKey } from '../../support/hosts/sshd.ts';
import { skipUnless } from '../../support/requirements.ts';
import { sshKeygen } from '../ssh-keygen-program.ts';

const NAMESPACE = 'registry-doctor-plan';
const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['nothing', ''],
  ['a line', 'registry-doctor-plan/1\n'],
  ['no newline at the end', 'end'],
  ['carriage returns and a NUL', 'a\r\nb\0c\r'],
  ['letters beyond ASCII', 'größer 💥\n'],
  ['more than ssh-keygen reads at once', 'x'.repeat(3_000_000)],
];

describe('the bot’s signatures, compared with OpenSSH’s', { skip: skipUnless('ssh-keygen') }, () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rd-sshsig-'));
    for (const type of ['ed25519', 'ecdsa', 'rsa'] as const) await makeKey(directory, type, type);
    await makeKey(directory, 'other', 'ed25519');
    const publicKey = await readFile(join(directory, 'ed25519.pub'), 'utf8');
    await writeFile(join(directory, 'allowed'), `bot namespaces="${NAMESPACE}" ${publicKey}`);
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const keyFile = (name: string) => join(directory, name);

  async function signed(text: string, namespace = NAMESPACE, name = 'ed25519'): Promise<string> {
    const read = await readPrivateKey({ file: keyFile(name), passphraseFile: null, keyPassphrase: null });
    assert.equal(read.kind, 'key');
    return signText(text, namespace, read.key) ?? assert.fail('not signed');
  }

  /** What ssh-keygen says of our signature. */
  async function verified(text: string, signature: string, namespace = NAMESPACE) {
    const file = keyFile('to-verify.sig');
    await writeFile(file, signature);
    const args = ['-Y', 'verify', '-f', keyFile('allowed'), '-I', 'bot', '-n', namespace, '-s', file];
    return sshKeygen(args, text);
  }

  async function signedBySshKeygen(text: string, name: string): Promise<string> {
    const { status, stdout, stderr } = await sshKeygen(
      ['-Y', 'sign', '-f', keyFile(name), '-n', NAMESPACE, '-q'],
      text,
    );
    assert.equal(status, 0, stderr);
    return stdout;
  }

  for (const [what, text] of TEXTS) {
    test(`ssh-keygen verifies the bot’s signature and makes the same one: ${what}`, async () => {
      const signature = await signed(text);
      const { status, stdout } = await verified(text, signature);
      assert.equal(status, 0);
      assert.match(stdout, /^Good "registry-doctor-plan" signature for bot with ED25519 key SHA256:/);
      assert.equal(await signedBySshKeygen(text, 'ed25519'), signature);
    });
  }

  test('ssh-keygen rejects the bot’s signature for another text, another purpose or another key', async () => {
    const signature = await signed('text');
    assert.notEqual((await verified('text ', signature)).status, 0);
    assert.notEqual((await verified('text', signature, 'git')).status, 0);
    assert.notEqual((await verified('text', await signed('text', 'git'), 'git')).status, 0);
    assert.notEqual((await verified('text', await signed('text', NAMESPACE, 'other'))).status, 0);
  });

  test('ssh-keygen finds the bot’s signature well-formed even without a list of signers', async () => {
    const file = keyFile('unknown.sig');
    await writeFile(file, await signed('text', NAMESPACE, 'other'));
    const { status } = await sshKeygen(['-Y', 'check-novalidate', '-n', NAMESPACE, '-s', file], 'text');
    assert.equal(status, 0);
  });

  for (const type of ['ecdsa', 'rsa'] as const) {
    test(`the bot refuses to sign with a key of type ${type}`, async () => {
      const read = await readPrivateKey({ file: keyFile(type), passphraseFile: null, keyPassphrase: null });
      assert.equal(read.kind, 'key');
      assert.equal(signText('text', NAMESPACE, read.key), null);
    });
  }

  for (const type of ['ed25519', 'ecdsa', 'rsa'] as const satisfies readonly HostKeyType[]) {
    test(`the bot reads a signature that ssh-keygen made with ${type}, whatever blanks and line ends pasting added`, async () => {
      const armored = await signedBySshKeygen('text', type);
      const publicKey = (await readFile(keyFile(`${type}.pub`), 'utf8')).split(' ')[1];
      const pasted = [
        armored,
        `\n\n  ${armored.replaceAll('\n', ' \r\n')}\n`,
        armored.replaceAll(/(.{20})\n?/g, '$1').trim(),
      ];
      for (const text of pasted) {
        const signature = parseSshsig(text);
        assert.equal(signature?.publicKey.toString('base64'), publicKey);
        assert.equal(signature?.namespace, NAMESPACE);
        assert.equal(signature?.hashAlgorithm, 'sha512');
        assert.equal(signature?.armored, armored);
      }
    });
  }

  test('the bot rejects a text that is not a signature', async () => {
    const armored = await signed('text');
    const lines = armored.split('\n');
    const base64 = lines.slice(1, -2).join('');
    const rearmored = (change: (blob: Buffer) => Buffer) =>
      [lines[0], change(Buffer.from(base64, 'base64')).toString('base64'), lines.at(-2)].join('\n');
    assert.notEqual(parseSshsig(rearmored((blob) => blob)), null);
    const bad: readonly (readonly [string, string])[] = [
      ['nothing', ''],
      ['another text', 'registry-doctor-plan/1\nend\n'],
      ['no end', lines.slice(0, -2).join('\n')],
      ['something after it', `${armored}more`],
      ['something before it', `more${armored}`],
      ['no base64', armored.replace('U1NIU0lH', 'U1NI!0lH')],
      ['another magic', rearmored((blob) => Buffer.concat([Buffer.from('SSHSIX'), blob.subarray(6)]))],
      [
        'another version',
        rearmored((blob) => Buffer.concat([blob.subarray(0, 6), Buffer.from([0, 0, 0, 2]), blob.subarray(10)])),
      ],
      ['a byte too few', rearmored((blob) => blob.subarray(0, -1))],
      ['a byte too many', rearmored((blob) => Buffer.concat([blob, Buffer.alloc(1)]))],
      ['a string too many', rearmored((blob) => Buffer.concat([blob, Buffer.alloc(4)]))],
      ['a length beyond the end', rearmored((blob) => Buffer.concat([blob.subarray(0, 10), Buffer.alloc(8, 0xff)]))],
      ['far too long', `${lines[0]}\n${'A'.repeat(1_000_000)}\n${lines.at(-2)}\n`],
    ];
    for (const [what, text] of bad) assert.equal(parseSshsig(text), null, what);
  });
});
