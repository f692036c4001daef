/** Why a bot's health socket could not be asked. */
export type HealthSilence =
  | { readonly code: 'no-report' }
  | { readonly code: 'too-long'; readonly maxBytes: number }
  | { readonly code: 'failed'; readonly said: string };

/** The fault of a part of the bot: it hangs, or its probe failed with this error. */
export type PartTrouble =
  | { readonly code: 'timed-out'; readonly timeoutMs: number }
  | { readonly code: 'failed'; readonly error: unknown };
