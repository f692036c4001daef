import { readFile } from 'node:fs/promises';

/** One line of a public key file (sshd(8), AUTHORIZED_KEYS FILE FORMAT), without options. */
const PUBLIC_KEY = /^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+=*(?: [^\p{Cc}]*)?$/u;

/** Reads the lines of a file of keys. Null: there is no such file. */
export async function readPublicKeyLines(file: string): Promise<readonly string[] | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text?.split('\n').map((line) => line.trim()) ?? null;
}

/** Reads the first line of a public key file. Null: there is no such file, or no public key in it. */
export async function readPublicKey(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const line = text.split('\n')[0]?.trim() ?? '';
  return PUBLIC_KEY.test(line) ? line : null;
}
