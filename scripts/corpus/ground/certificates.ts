import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A private key and its certificate, as PEM. */
export type KeyPair = { readonly key: string; readonly certificate: string };

/** What a client trusts, and its own certificate if the registry requests one. */
export type TrustMaterial = { readonly ca: string; readonly key?: string; readonly cert?: string };

/** Self-signed, for the loopback address. It can sign others, and a client can use it as well. */
export function makeKeyPair(directory: string): KeyPair {
  const [key, certificate] = [`${directory}/key.pem`, `${directory}/certificate.pem`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}
