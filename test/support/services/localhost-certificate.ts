import { execFileSync } from 'node:child_process';

/** Writes a key and a certificate for `localhost`, signed by itself. */
export function makeLocalhostCertificate({ file, key }: { readonly file: string; readonly key: string }): void {
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...form, ...names, '-keyout', key, '-out', file], { stdio: 'ignore' });
}
