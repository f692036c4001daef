import { createHash, createPublicKey, verify } from 'node:crypto';

/** Who signs notes: a name without blanks or `+`, and the 32 bytes of an Ed25519 public key. */
export type NoteKey = { readonly name: string; readonly publicKey: Uint8Array };

/** The signature type of Ed25519 (https://c2sp.org/signed-note), and that of a witness (https://c2sp.org/tlog-cosignature). */
const ED25519 = 1;
export const COSIGNATURE = 4;
type SignatureType = typeof ED25519 | typeof COSIGNATURE;
const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;
const VERIFIER_KEY = /^(?<name>[^+\s]+)\+[0-9a-f]{8}\+(?<base64>[A-Za-z0-9+/]+={0,2})$/;
const NOTE = /^(?<text>(?:[^\n]+\n)+)\n(?<signatures>(?:\u2014 [^\n]+\n)+)$/u;
const SIGNATURE = /^\u2014 (?<name>\S+) (?<base64>[A-Za-z0-9+/]+={0,2})$/u;

/** A text with its signature, as others' tools read it (https://c2sp.org/signed-note). `text` ends with a newline. */
export function signedNote(text: string, key: NoteKey, signature: Uint8Array): string {
  const signed = Buffer.concat([keyId(key), signature]).toString('base64');
  return `${text}\n\u2014 ${key.name} ${signed}\n`;
}

/** The text of a note. It verifies no signature. Null: it is not a note. */
export function textOfNote(note: string): string | null {
  return NOTE.exec(note)?.groups?.['text'] ?? null;
}

/** Whether one of the note's signatures is by this key over its text. */
export function isSignedBy(note: string, key: NoteKey): boolean {
  const text = textOfNote(note) ?? '';
  return signaturesIn(note, key).some((signature) => isGood(text, signature, key));
}

/** What the note bears under the name and the key id of this key, unverified. */
export function signaturesIn(note: string, key: NoteKey, type: SignatureType = ED25519): readonly Buffer[] {
  const { signatures = '' } = NOTE.exec(note)?.groups ?? {};
  return signatures.split('\n').flatMap((line) => signatureIn(line, key, type) ?? []);
}

/** A public key in the one-line form that witnesses and verifiers are given: `name+id+base64`. */
export function verifierKey(key: NoteKey, type: SignatureType = ED25519): string {
  const typed = Buffer.concat([Buffer.of(type), key.publicKey]);
  return `${key.name}+${keyId(key, type).toString('hex')}+${typed.toString('base64')}`;
}

/** Reads a key in the form of {@link verifierKey}. Null: it is not one, or its id is not that of its name and key. */
export function parseVerifierKey(line: string, wanted: SignatureType = ED25519): NoteKey | null {
  const { name = '', base64 = '' } = VERIFIER_KEY.exec(line)?.groups ?? {};
  const [type, ...publicKey] = Buffer.from(base64, 'base64');
  const key = { name, publicKey: Uint8Array.from(publicKey) };
  return type === wanted && publicKey.length === KEY_BYTES && verifierKey(key, wanted) === line ? key : null;
}

function signatureIn(line: string, key: NoteKey, type: SignatureType): Buffer | null {
  const { name, base64 = '' } = SIGNATURE.exec(line)?.groups ?? {};
  const bytes = Buffer.from(base64, 'base64');
  const isOurs = name === key.name && bytes.subarray(0, KEY_ID_BYTES).equals(keyId(key, type));
  return isOurs ? bytes.subarray(KEY_ID_BYTES) : null;
}

/** Whether the signature is by this key over exactly this text. */
export function isGood(text: string, signature: Buffer, { publicKey }: NoteKey): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, Buffer.from(text, 'utf8'), createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function keyId({ name, publicKey }: NoteKey, type: SignatureType = ED25519): Buffer {
  const hash = createHash('sha256').update(`${name}\n`, 'utf8').update(Buffer.of(type)).update(publicKey).digest();
  return hash.subarray(0, KEY_ID_BYTES);
}
