import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { KeyProblem } from '../../model/key-problem.ts';
import { systemProblem } from '../../model/system-problem.ts';

/** A private key's file, and where its passphrase is: in a file, else in the environment. Null: there is none. */
export type PrivateKeySource = {
  readonly file: string;
  readonly passphraseFile: string | null;
  /** SSH_KEY_PASSPHRASE, for a key without a passphrase file. */
  readonly keyPassphrase: string | null;
};

export type UnusableKey = { readonly kind: 'unusable'; readonly why: KeyProblem };

/** Reads a private key in any form that OpenSSH keeps it in. */
export async function readPrivateKey(
  source: PrivateKeySource,
): Promise<{ readonly kind: 'key'; readonly key: ParsedKey } | UnusableKey> {
  const { file, passphraseFile } = source;
  const passphrase = passphraseFile === null ? source.keyPassphrase : await readPassphrase(passphraseFile);
  if (typeof passphrase === 'object' && passphrase !== null) return passphrase;
  const read = await readKeyFile(file);
  if (read.kind === 'unusable') return read;
  const key = parsePrivateKey(read.text, passphrase);
  // What is no private key, as a .pub file, may be read by everyone.
  if (key === 'not-a-key') return unusable({ code: key, file });
  if (read.isOpen) return unusable({ code: 'open-to-others', file, mode: read.mode });
  return typeof key === 'string' ? unusable({ code: key, file }) : { kind: 'key', key };
}

function unusable(why: KeyProblem): UnusableKey {
  return { kind: 'unusable', why };
}

type KeyFile = { readonly kind: 'file'; readonly text: Buffer; readonly mode: number; readonly isOpen: boolean };

async function readKeyFile(file: string): Promise<KeyFile | UnusableKey> {
  try {
    const text = await readFile(file);
    const { uid, mode } = await stat(file);
    // As ssh(1) has it: who can read another user's file is for that user to decide.
    const isOpen = uid === process.getuid?.() && (mode & 0o077) !== 0;
    return { kind: 'file', text, mode: mode & 0o7777, isOpen };
  } catch (error) {
    return unusable({ code: 'unreadable', file, error: systemProblem(error) });
  }
}

/** The first line of the file, as every tool that writes one ends it with a newline. */
async function readPassphrase(file: string): Promise<string | UnusableKey> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    return unusable({ code: 'passphrase-unreadable', file, error: systemProblem(error) });
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
