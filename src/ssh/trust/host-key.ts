import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { KnownHostLine, KnownKeys } from './known-hosts.ts';

export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  /** Nothing vouches for any key of this host. */
  | { readonly kind: 'unknown' }
  /** Other keys of this host are known than the one that it showed. */
  | { readonly kind: 'changed'; readonly known: readonly KnownHostLine[] }
  | { readonly kind: 'revoked'; readonly by: KnownHostLine };

/** Which signatures a key of each type can make. SHA-1 (`ssh-rsa`) and DSA are never offered, as in OpenSSH since 8.8. */
const ALGORITHMS: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/** Judges the key that a host has shown. A revocation outranks whatever else the file says. */
export function judgeHostKey(keys: KnownKeys, shown: Buffer): HostKeyVerdict {
  const revocation = keys.revoked.find((line) => line.key.equals(shown));
  if (revocation) return { kind: 'revoked', by: revocation };
  if (keys.trusted.some((line) => line.key.equals(shown))) return { kind: 'trusted' };
  return keys.trusted.length > 0 ? { kind: 'changed', known: keys.trusted } : { kind: 'unknown' };
}

/**
 * The order in which to ask for host keys: first the types that are known of this host, so that a host with several keys
 * shows the one that can be compared; then the others, so that a changed key can be told and named.
 */
export function hostKeyAlgorithms(keys: KnownKeys): ServerHostKeyAlgorithm[] {
  const types = [...keys.trusted.map((line) => line.keyType), ...ALGORITHMS.keys()];
  return [...new Set(types.flatMap((type) => ALGORITHMS.get(type) ?? []))];
}

/** As `ssh-keygen -l` prints it: SHA-256 in base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
