import { readFileSync, statSync } from 'node:fs';

/** The account that owns a file, as a name or else as its uid. Null if root owns it or there is no such file. */
export function ownerBesideRoot(path: string): string | null {
  const uid = statSync(path, { throwIfNoEntry: false })?.uid ?? 0;
  return uid === 0 ? null : (accountName(uid) ?? String(uid));
}

/** The account's name in passwd(5), null if it has none there. */
function accountName(uid: number): string | null {
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  const fields = accounts.map((line) => line.split(':')).find(([, , id]) => id === String(uid));
  return fields?.[0] ?? null;
}
