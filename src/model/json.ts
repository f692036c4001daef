import { z } from 'zod';

/** Any value that JSON has. It is looked at as it is, where z.json() parses each value within it: a record has very many. */
export const Json = z.custom<z.core.util.JSONType>(isJson);
export type Json = z.infer<typeof Json>;

function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      return Array.isArray(value) ? value.every(isJson) : isPlain(value) && Object.values(value).every(isJson);
    default:
      return false;
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
