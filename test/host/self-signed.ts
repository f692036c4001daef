import { execFileSync } from 'node:child_process';
import type { KeyObject } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';

/** A self-signed certificate of this key in a new directory below `scratch`, which everyone may read; gives its path. */
export function selfSigned(scratch: string, key: KeyObject, days = 30): string {
  const directory = mkdtempSync(`${scratch}/certificate-`);
  const keyFile = `${directory}/key.pem`;
  writeFileSync(keyFile, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const file = `${directory}/certificate.pem`;
  const subject = ['-subj', '/CN=registry', '-days', String(days)];
  execFileSync('openssl', ['req', '-x509', '-new', '-key', keyFile, '-out', file, ...subject], { stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'a+rX', directory]);
  return file;
}
