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
      return Array.isArray(value) ? value.every(isJson) : isPlainObject(value) && Object.values(value).every(isJson);
    default:
      return false;
  }
}

/** Whether an object has nothing but its own keys. */
export function isPlainObject(value: object): value is Readonly<Record<string, unknown>> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Parses JSON. Undefined, which JSON does not have: the text is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
