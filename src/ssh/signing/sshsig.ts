import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { readWireStrings, wireString } from '../wire/wire-strings.ts';

/**
 * Signatures over a text as `ssh-keygen -Y sign` makes them, so that a host with OpenSSH can verify what the bot signs.
 * The format is OpenSSH's PROTOCOL.sshsig. No maintained npm package has it (as of November 2026). ssh2, which is a
 * dependency anyway, reads the key and makes the bare Ed25519 signature.
 */

const MAGIC = Buffer.from('SSHSIG');
const VERSION = Buffer.from([0, 0, 0, 1]);
const ED25519 = 'ssh-ed25519';
/** ssh-keygen's own default. */
const HASH = 'sha512';

const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
/** ssh-keygen's line length. */
const LINE_LENGTH = 70;
/** A signature by an RSA key of 16,384 bits is shorter. */
const MAX_ARMORED_CHARACTERS = 16_384;

/** What a signature says about itself. Nothing here is verified. */
export type Sshsig = {
  /** In the wire format, as in a .pub file. */
  readonly publicKey: Buffer;
  /** The purpose. A signature for another purpose does not count. */
  readonly namespace: string;
  readonly hashAlgorithm: string;
  /** The armored form, identical however it was pasted. */
  readonly armored: string;
};

/**
 * The armored signature of a text by an Ed25519 key. The same text, key and namespace always give the same signature
 * (RFC 8032).
 *
 * @returns null for a key of another type
 */
export function signText(text: string, namespace: string, key: ParsedKey): string | null {
  const digest = createHash(HASH).update(text, 'utf8').digest();
  const signature = signBytes(Buffer.concat([MAGIC, ...[namespace, '', HASH, digest].map(wireString)]), key);
  if (signature === null) return null;
  const signatureField = Buffer.concat([wireString(ED25519), wireString(signature)]);
  const fields = [key.getPublicSSH(), namespace, '', HASH, signatureField].map(wireString);
  return armor(Buffer.concat([MAGIC, VERSION, ...fields]));
}

/**
 * The bare signature of an Ed25519 key, 64 bytes (RFC 8032).
 *
 * @returns null for a key of another type
 */
export function signBytes(bytes: Buffer, key: ParsedKey): Buffer | null {
  if (key.type !== ED25519) return null;
  // ssh2's types declare no error here.
  const signature: Buffer | Error = key.sign(bytes);
  if (signature instanceof Error) throw signature;
  return signature;
}

/**
 * Reads an armored signature by a key of any type. Line endings and line lengths do not matter.
 *
 * @returns null if it is not a signature
 */
export function parseSshsig(text: string): Sshsig | null {
  const blob = dearmored(text);
  const head = Buffer.concat([MAGIC, VERSION]);
  if (blob === null || !blob.subarray(0, head.length).equals(head)) return null;
  const fields = readWireStrings(blob.subarray(head.length));
  if (fields?.length !== 5) return null;
  const [publicKey = Buffer.alloc(0), namespace = Buffer.alloc(0), reserved, hashAlgorithm] = fields;
  if (reserved?.length !== 0 || namespace.length === 0) return null;
  return {
    publicKey,
    namespace: namespace.toString('latin1'),
    hashAlgorithm: hashAlgorithm?.toString('latin1') ?? '',
    armored: armor(blob),
  };
}

function armor(blob: Buffer): string {
  const lines = blob.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return `${[BEGIN, ...lines, END].join('\n')}\n`;
}

function dearmored(text: string): Buffer | null {
  if (text.length > MAX_ARMORED_CHARACTERS) return null;
  const trimmed = text.trim();
  if (!trimmed.startsWith(BEGIN) || !trimmed.endsWith(END)) return null;
  const base64 = trimmed.slice(BEGIN.length, -END.length).replaceAll(/\s+/g, '');
  const blob = Buffer.from(base64, 'base64');
  // Node ignores invalid base64 characters instead of refusing them.
  return blob.toString('base64') === base64 ? blob : null;
}
