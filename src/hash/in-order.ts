import { isPlainObject, type Json } from '../model/json.ts';

/** Deeper data is left to the library, which needs no stack for it. */
const MOST_DEPTH = 64;

/**
 * The same data with the keys of each object in order. What JSON.stringify makes of that is canonical, in half the time of the library.
 * Undefined: it has something that the two write in another way, or refuse.
 */
export function inOrder(value: unknown, depth = 0): Json | undefined {
  switch (typeof value) {
    case 'string':
      return value.isWellFormed() ? value : undefined;
    case 'number':
      return Number.isFinite(value) ? value : undefined;
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return null;
      if (depth === MOST_DEPTH) return undefined;
      if (Array.isArray(value)) return listInOrder(value, depth + 1);
      return isPlainObject(value) ? objectInOrder(value, depth + 1) : undefined;
    default:
      return undefined;
  }
}

function listInOrder(list: readonly unknown[], depth: number): Json | undefined {
  const ordered: Json[] = [];
  for (const value of list) {
    const one = inOrder(value, depth);
    if (one === undefined) return undefined;
    ordered.push(one);
  }
  return ordered;
}

/** An object puts keys that are numbers first, and has no key `__proto__`. */
const KEPT_IN_PLACE = /^[a-z]/i;

function objectInOrder(object: Readonly<Record<string, unknown>>, depth: number): Json | undefined {
  const ordered: Record<string, Json> = {};
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    const one = KEPT_IN_PLACE.test(key) && key.isWellFormed() ? inOrder(value, depth) : undefined;
    if (one === undefined) return undefined;
    ordered[key] = one;
  }
  return ordered;
}
