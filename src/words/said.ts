/** What a log says, in its own words. */
export type Said = { readonly words: string; readonly at: number | null };
