import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A private key and its certificate, as PEM. */
export type KeyPair = { readonly key: string; readonly certificate: string };

/** What a client trusts, and what it shows of itself where the registry asks for that. */
export type TrustMaterial = { readonly ca: string; readonly key?: string; readonly cert?: string };

/** Signed by itself, for the loopback address; it may sign others and be shown by a client as well. */
export function makeKeyPair(directory: string): KeyPair {
  const [key, certificate] = [`${directory}/key.pem`, `${directory}/certificate.pem`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync('openssl', ['req', ...kind, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), certificate: readFileSync(certificate, 'utf8') };
}
