import { createHash } from 'node:crypto';
import type { ParsedKey } from 'ssh2';
import { readWireStrings, wireString } from '../wire/wire-strings.ts';

/**
 * Signatures over a text as `ssh-keygen -Y sign` makes them, so that a host that has OpenSSH can verify what the bot signs.
 * The form is that of OpenSSH's PROTOCOL.sshsig. No kept package on npm has it (looked for in November 2026); ssh2, which is
 * here anyway, reads the key and makes the bare Ed25519 signature.
 */

const MAGIC = Buffer.from('SSHSIG');
const VERSION = Buffer.from([0, 0, 0, 1]);
const ED25519 = 'ssh-ed25519';
/** What ssh-keygen itself takes. */
const HASH = 'sha512';

const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';
/** ssh-keygen breaks its lines there. */
const LINE_LENGTH = 70;
/** A signature by an RSA key of 16,384 bits is shorter. */
const MAX_ARMORED_CHARACTERS = 16_384;

/** What a signature says of itself; nothing here is verified. */
export type Sshsig = {
  /** In the form of the wire, as in a .pub file. */
  readonly publicKey: Buffer;
  /** What the signature is for: one that was made for something else does not count. */
  readonly namespace: string;
  readonly hashAlgorithm: string;
  /** The armored form, the same for every way in which it may have been pasted. */
  readonly armored: string;
};

/**
 * The armored signature of a text by an Ed25519 key. The same text, key and namespace always give the same one (RFC 8032).
 *
 * @returns null for a key of another type
 */
export function signText(text: string, namespace: string, key: ParsedKey): string | null {
  if (key.type !== ED25519) return null;
  const digest = createHash(HASH).update(text, 'utf8').digest();
  const signed = Buffer.concat([MAGIC, ...[namespace, '', HASH, digest].map(wireString)]);
  // Its types have no error there.
  const signature: Buffer | Error = key.sign(signed);
  if (signature instanceof Error) throw signature;
  const signatureField = Buffer.concat([wireString(ED25519), wireString(signature)]);
  const fields = [key.getPublicSSH(), namespace, '', HASH, signatureField].map(wireString);
  return armor(Buffer.concat([MAGIC, VERSION, ...fields]));
}

/**
 * Reads an armored signature by a key of any type; how its lines end and are broken does not matter.
 *
 * @returns null when it is none
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
  // Node leaves out what is no base64 instead of refusing it.
  return blob.toString('base64') === base64 ? blob : null;
}
