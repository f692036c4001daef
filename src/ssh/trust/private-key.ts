import { readFile, stat } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';
import type { KeyProblem } from '../../model/key-problem.ts';
import { systemProblem } from '../../model/system-problem.ts';

/** The file of a private key, and where its passphrase is: in a file, otherwise in the environment. Null: none. */
export type PrivateKeySource = {
  readonly file: string;
  readonly passphraseFile: string | null;
  /** SSH_KEY_PASSPHRASE, for a key without a passphrase file. */
  readonly keyPassphrase: string | null;
};

export type UnusableKey = { readonly kind: 'unusable'; readonly why: KeyProblem };

/** Reads a private key in any format that OpenSSH uses. */
export async function readPrivateKey(
  source: PrivateKeySource,
): Promise<{ readonly kind: 'key'; readonly key: ParsedKey } | UnusableKey> {
  const { file, passphraseFile } = source;
  const passphrase = passphraseFile === null ? source.keyPassphrase : await readPassphrase(passphraseFile);
  if (typeof passphrase === 'object' && passphrase !== null) return passphrase;
  const read = await readKeyFile(file);
  if (read.kind === 'unusable') return read;
  const key = parsePrivateKey(read.text, passphrase);
  // A file that is not a private key, such as a .pub file, can be readable by everyone.
  if (key === 'not-a-key') return unusable({ code: key, file });
  if (read.isOpenToOthers) return unusable({ code: 'open-to-others', file, mode: read.mode });
  return typeof key === 'string' ? unusable({ code: key, file }) : { kind: 'key', key };
}

function unusable(why: KeyProblem): UnusableKey {
  return { kind: 'unusable', why };
}

type KeyFile = {
  readonly kind: 'file';
  readonly text: Buffer;
  readonly mode: number;
  readonly isOpenToOthers: boolean;
};

async function readKeyFile(file: string): Promise<KeyFile | UnusableKey> {
  try {
    const text = await readFile(file);
    const { uid, mode } = await stat(file);
    // As ssh(1) does, permissions are judged only for a file of this user: another owner decides alone who can read it.
    const isOpenToOthers = uid === process.getuid?.() && (mode & 0o077) !== 0;
    return { kind: 'file', text, mode: mode & 0o7777, isOpenToOthers };
  } catch (error) {
    return unusable({ code: 'unreadable', file, error: systemProblem(error) });
  }
}

/** The first line of the file, because tools write a newline at its end. */
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
  // ssh2's types miss that OpenSSH's own format can hold several keys and gives an array.
  const parsed: ParsedKey | Error | readonly ParsedKey[] = ssh2.utils.parseKey(text, passphrase ?? undefined);
  if (parsed instanceof Error) {
    if (!/passphrase|decrypt/i.test(parsed.message)) return 'not-a-key';
    return passphrase === null ? 'encrypted' : 'passphrase-wrong';
  }
  const key = 'type' in parsed ? parsed : parsed[0];
  return key?.isPrivateKey() ? key : 'not-a-key';
}
