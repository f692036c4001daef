import { z } from 'zod';
import { type HostName, Sha256 } from '../record/ids.ts';

/** Of the file that was in use, and of the newer one. `before`: absent if the record named none. */
export const FileDigests = z.strictObject({ before: Sha256.exactOptional(), after: Sha256 });

/** What an entry says about the config file that is in use from there on. */
export const ConfigOnRecord = z.looseObject({
  digests: FileDigests,
  /** Keys whose new value counts only after a restart. */
  atRestart: z.array(z.string()).exactOptional(),
});
export type ConfigOnRecord = z.infer<typeof ConfigOnRecord>;

/** What a newer config file changes under a running bot. */
export type ConfigChange = {
  readonly digests: { readonly before: Sha256; readonly after: Sha256 };
  readonly added: readonly HostName[];
  readonly removed: readonly HostName[];
  readonly changed: readonly HostName[];
  /** Other keys whose new value counts from now on. */
  readonly keys: readonly string[];
  /** Keys whose new value counts only after a restart. */
  readonly atRestart: readonly string[];
};

/** Whether the bot works by anything else after it, or at least by another file. */
export function isAnyChange({ digests, added, removed, changed, keys }: ConfigChange): boolean {
  return digests.before !== digests.after || [added, removed, changed, keys].some((list) => list.length > 0);
}
