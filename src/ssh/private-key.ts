import { readFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import { messageOf } from '../model/message-of.ts';

/** A private key's file, and where its passphrase is: in a file, else in the environment. Null: there is none. */
export type PrivateKeySource = {
  readonly file: string;
  readonly passphraseFile: string | null;
  /** SSH_KEY_PASSPHRASE, for a key without a passphrase file. */
  readonly keyPassphrase: string | null;
};

/** Why a key cannot be used; never a word of its contents. */
export type UnusableKey =
  | {
      readonly kind: 'unusable';
      readonly problem: 'unreadable' | 'passphrase-unreadable';
      readonly file: string;
      readonly detail: string;
    }
  | {
      readonly kind: 'unusable';
      readonly problem: 'encrypted' | 'passphrase-wrong' | 'not-a-key';
      readonly file: string;
    };

/** Reads a private key in any form that OpenSSH keeps it in. */
export async function readPrivateKey(
  source: PrivateKeySource,
): Promise<{ readonly kind: 'key'; readonly key: ParsedKey } | UnusableKey> {
  const { file, passphraseFile } = source;
  const passphrase = passphraseFile === null ? source.keyPassphrase : await readPassphrase(passphraseFile);
  if (typeof passphrase === 'object' && passphrase !== null) return passphrase;
  let text: Buffer;
  try {
    text = await readFile(file);
  } catch (error) {
    return { kind: 'unusable', problem: 'unreadable', file, detail: messageOf(error) };
  }
  const key = parsePrivateKey(text, passphrase);
  return typeof key === 'string' ? { kind: 'unusable', problem: key, file } : { kind: 'key', key };
}

/** The first line of the file, as every tool that writes one ends it with a newline. */
async function readPassphrase(file: string): Promise<string | UnusableKey> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    return { kind: 'unusable', problem: 'passphrase-unreadable', file, detail: messageOf(error) };
  }
}

function parsePrivateKey(
  text: Buffer,
  passphrase: string | null,
): ParsedKey | 'encrypted' | 'passphrase-wrong' | 'not-a-key' {
  // Older than its types: OpenSSH's own format may hold several keys, and gives an array.
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) {
    if (!/passphrase|decrypt/i.test(parsed.message)) return 'not-a-key';
    return passphrase === null ? 'encrypted' : 'passphrase-wrong';
  }
  const key = 'type' in parsed ? parsed : parsed[0];
  return key?.isPrivateKey() ? key : 'not-a-key';
}
