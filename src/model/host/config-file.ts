import { z } from 'zod';

/** What no YAML parser takes (YAML 1.2.2: 6.1, 5.3, 7.3.3). */
export const SyntaxTrouble = z.enum([
  /** A tab in the indentation. */
  'tab',
  /** An unquoted value that begins with `&`, `*`, `%`, `@` or a backtick. */
  'indicator',
  /** An unquoted value with a colon and a space in it. */
  'colon',
]);
export type SyntaxTrouble = z.infer<typeof SyntaxTrouble>;

/** Where in the registry's config file its keys are. */
export const ConfigFile = z.strictObject({
  /** `storage.filesystem`: to a depth of three, in the order of the file. */
  keys: z.array(z.strictObject({ line: z.number().int().min(1), key: z.string().max(64) })).max(128),
  /** The first such trouble, told by a simpler reader than the registry's own. */
  syntax: z.strictObject({ line: z.number().int().min(1), what: SyntaxTrouble }).nullable(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
