import { z } from 'zod';
import { leaf } from './leaf.ts';

/**
 * Without user and password, which would end up in process lists. Without a slash at the end, so that a path can
 * follow. Only of the bytes that a guard accepts in an address (scripts/request.sh).
 */
export const plainUrl = z
  .string()
  .refine((text) => isPlainHttpUrl(text))
  .transform((text) => new URL(text).href.replace(/\/+$/, ''));
export const httpUrl = leaf(plainUrl, { kind: 'http-url' });

function isPlainHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return /^[\]A-Za-z0-9.:_[-]+$/.test(url.host) && /^[A-Za-z0-9._:/%+~-]*$/.test(url.pathname);
}
