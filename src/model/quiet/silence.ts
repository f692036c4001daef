import { z } from 'zod';

/** One condition of a silence, as Alertmanager's API v2 gives it. */
export const Matcher = z.object({
  name: z.string().max(1_000),
  value: z.string().max(10_000),
  isRegex: z.boolean(),
  /** Absent in older versions, which know no other. */
  isEqual: z.boolean().default(true),
});
export type Matcher = z.infer<typeof Matcher>;

/** A silence that is active now. */
export type Silence = { readonly id: string; readonly endsAt: string; readonly matchers: readonly Matcher[] };
