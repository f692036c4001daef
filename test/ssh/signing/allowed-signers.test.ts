import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasUsableSigner } from '../../../src/ssh/signing/allowed-signers.ts';
import { BREAK_GLASS_NAMESPACE } from '../../../src/ssh/signing/ssh-keygen.ts';
import { wireString } from '../../../src/ssh/wire/wire-strings.ts';

const keyOf = (type: string) =>
  `${type} ${Buffer.concat([wireString(type), wireString('k'.repeat(32))]).toString('base64')}`;
const KEY = keyOf('ssh-ed25519');

const USABLE = [
  `ann ${KEY}`,
  `ann ${keyOf('ssh-rsa')} ann@laptop of the night shift`,
  `# who is on call\n\n"ann,bob b" namespaces="registry-doctor-break-glass" ${keyOf('sk-ssh-ed25519@openssh.com')} ann`,
  `*@example.org cert-authority,namespaces="git,registry-doctor-*" ${KEY}`,
  `ann valid-before="20300101",namespaces="file,registry-doctor-break-glass" ${KEY}`,
  `nonsense\r\nann ${KEY}\r\n`,
];
for (const text of USABLE) {
  test(`an allowed-signers line has a key for break-glass approval: ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.ok(hasUsableSigner(text, BREAK_GLASS_NAMESPACE));
  });
}

const USELESS = [
  '',
  '# ann ssh-ed25519 AAAA',
  KEY,
  `# ann ${KEY}`,
  'ann ssh-ed25519',
  'ann ssh-ed25519 AAAA…',
  `ann ssh-rsa ${KEY.split(' ')[1]}`,
  `ann namespaces="registry-doctor-approval" ${KEY}`,
  `ann namespaces="!registry-doctor-break-glass,*" ${KEY}`,
  '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
];
for (const text of USELESS) {
  test(`an allowed-signers line has no key for break-glass approval: ${JSON.stringify(text.slice(0, 60))}`, () => {
    assert.ok(!hasUsableSigner(text, BREAK_GLASS_NAMESPACE));
  });
}
