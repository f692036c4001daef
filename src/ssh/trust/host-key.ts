import { createHash } from 'node:crypto';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import type { KnownHostLine, KnownKeys } from './known-hosts.ts';

export type HostKeyVerdict =
  | { readonly kind: 'trusted' }
  /** The file has no line for any key of this host. */
  | { readonly kind: 'unknown' }
  /** This host has other known keys than the one shown. */
  | { readonly kind: 'changed'; readonly known: readonly KnownHostLine[] }
  | { readonly kind: 'revoked'; readonly by: KnownHostLine };

/** The signature algorithms of each key type. SHA-1 (`ssh-rsa`) and DSA are never offered, as in OpenSSH since 8.8. */
const ALGORITHMS: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/** Judges the key that a host has shown. A revocation outranks everything else in the file. */
export function judgeHostKey(keys: KnownKeys, shown: Buffer): HostKeyVerdict {
  const revocation = keys.revoked.find((line) => line.key.equals(shown));
  if (revocation) return { kind: 'revoked', by: revocation };
  if (keys.trusted.some((line) => line.key.equals(shown))) return { kind: 'trusted' };
  return keys.trusted.length > 0 ? { kind: 'changed', known: keys.trusted } : { kind: 'unknown' };
}

/**
 * The order in which host keys are requested. First come the known types, so that a host with several keys shows one
 * that can be compared. Then come the others, so that a changed key can be recognized and named.
 */
export function hostKeyAlgorithms(keys: KnownKeys): ServerHostKeyAlgorithm[] {
  const types = [...keys.trusted.map((line) => line.keyType), ...ALGORITHMS.keys()];
  return [...new Set(types.flatMap((type) => ALGORITHMS.get(type) ?? []))];
}

/** Writes the fingerprint of a key as `ssh-keygen -l` does: SHA-256 in base64 without padding. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}
