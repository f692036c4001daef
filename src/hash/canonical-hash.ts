import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Sha256 } from '../model/record/ids.ts';
import { inOrder } from './in-order.ts';

/**
 * SHA-256 over the canonical JSON (RFC 8785) of a plain value: the same value gives the same hash on every machine,
 * whatever the order of its keys.
 */
export function canonicalHash(value: unknown): Sha256 {
  return textHash(canonicalJson(value));
}

/** SHA-256 over the UTF-8 of a text. */
export function textHash(text: string): Sha256 {
  return Sha256.parse(textDigest(text));
}

/** The same, only to be compared with others: a record has very many of them. */
export function textDigest(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}

/**
 * SHA-256 over the canonical JSON of a value, as 32 characters of one byte each: to be held in memory for very many values, and compared
 * with others.
 */
export function compactHash(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'binary');
}

/**
 * SHA-256 over a salt and the canonical JSON of a value, one after the other: without the salt, no one can find the value by trying.
 *
 * @param salt hexadecimal digits
 */
export function saltedHash(salt: string, value: unknown): Sha256 {
  return textHash(`${salt}${canonicalJson(value)}`);
}

/** The canonical JSON (RFC 8785) of a plain value. */
export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value);
  const json = ordered === undefined ? canonicalize(value) : JSON.stringify(ordered);
  if (json === undefined) throw new TypeError('a value without a JSON form cannot be recorded');
  return json;
}
