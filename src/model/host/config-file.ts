import { z } from 'zod';

/** Errors that every YAML parser reports (YAML 1.2.2: 6.1, 5.3, 7.3.3). */
export const SyntaxTrouble = z.enum([
  /** A tab in the indentation. */
  'tab',
  /** An unquoted value that begins with `&`, `*`, `%`, `@` or a backtick. */
  'indicator',
  /** An unquoted value with a colon and a space in it. */
  'colon',
]);
export type SyntaxTrouble = z.infer<typeof SyntaxTrouble>;

/** The lines of the keys in the registry's config file. */
export const ConfigFile = z.strictObject({
  /** `storage.filesystem`: to a depth of three, in file order. */
  keys: z.array(z.strictObject({ line: z.number().int().min(1), key: z.string().max(64) })).max(128),
  /** The first such error, found by a simpler reader than the registry's own. */
  syntax: z.strictObject({ line: z.number().int().min(1), what: SyntaxTrouble }).nullable(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
