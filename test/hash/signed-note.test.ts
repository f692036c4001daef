import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { isSignedBy, type NoteKey, signedNote, textOfNote, verifierKey } from '../../src/hash/signed-note.ts';

/** The example in the documentation of Go's golang.org/x/mod/sumdb/note. */
const GO_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const GO_NOTE = `If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;
const NEUMANN: NoteKey = {
  name: 'PeterNeumann',
  publicKey: Buffer.from(GO_KEY.split('+').slice(2).join('+'), 'base64').subarray(1),
};

const pair = generateKeyPairSync('ed25519');
const OURS: NoteKey = {
  name: 'example.org/log',
  publicKey: Buffer.from(String(pair.publicKey.export({ format: 'jwk' }).x), 'base64url'),
};
const TEXT = 'example.org/log\n3\nroot\n';
const note = signedNote(TEXT, OURS, sign(null, Buffer.from(TEXT), pair.privateKey));

test('a note that Go signed is verified, and its key has the same one-line form', () => {
  assert.equal(isSignedBy(GO_NOTE, NEUMANN), true);
  assert.equal(verifierKey(NEUMANN), GO_KEY);
});

test('a signed note is read back and verified by its key only', () => {
  assert.equal(textOfNote(note), TEXT);
  assert.equal(isSignedBy(note, OURS), true);
  assert.equal(isSignedBy(note, NEUMANN), false);
  assert.equal(isSignedBy(note, { ...OURS, name: 'example.org/other' }), false);
});

test('a signature does not verify after any change of the text or of itself', () => {
  assert.equal(isSignedBy(note.replace('\n3\n', '\n4\n'), OURS), false);
  const [signature = ''] = note.match(/\S+\n$/) ?? [];
  const changed = Buffer.from(signature, 'base64');
  changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
  assert.equal(isSignedBy(note.replace(signature.trim(), changed.toString('base64')), OURS), false);
});

test('what is cut off, unsigned or of another form is no note', () => {
  assert.equal(textOfNote(TEXT), null);
  assert.equal(textOfNote(note.slice(0, -1)), null);
  assert.equal(textOfNote(note.replace('\n\n', '\n')), null);
});
