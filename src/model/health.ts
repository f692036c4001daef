/** Why a bot that listens on its health socket could not be asked. */
export type HealthSilence =
  | { readonly code: 'no-report' }
  | { readonly code: 'too-long'; readonly maxBytes: number }
  | { readonly code: 'failed'; readonly said: string };

/** What is wrong with a part of the bot: it hangs, or its probe failed with this error. */
export type PartTrouble =
  | { readonly code: 'timed-out'; readonly timeoutMs: number }
  | { readonly code: 'failed'; readonly error: unknown };
