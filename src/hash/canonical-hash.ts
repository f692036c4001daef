import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Sha256 } from '../model/record/ids.ts';

/**
 * SHA-256 over the canonical JSON (RFC 8785) of a plain value: the same value gives the same hash on every machine,
 * whatever the order of its keys.
 */
export function canonicalHash(value: unknown): Sha256 {
  return textHash(canonicalJson(value));
}

/** The canonical JSON (RFC 8785) of a plain value. */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value);
  if (json === undefined) throw new TypeError('a value without a JSON form cannot be hashed');
  return json;
}

/** SHA-256 over the UTF-8 bytes of a text. */
export function textHash(text: string): Sha256 {
  return Sha256.parse(`sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`);
}
