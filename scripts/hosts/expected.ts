import type { Way } from './seen.ts';

/**
 * What the product has to say on the hosts where not the whole flow works, as `summaryOf` tells it: by the row's id. Each
 * was read and found right before it was written here.
 */
export const EXPECTED: Readonly<Record<string, { readonly [Each in Way]?: string }>> = {};
