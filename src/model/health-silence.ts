/** Why a bot that listens on its health socket could not be asked. */
export type HealthSilence = { readonly code: 'no-report' } | { readonly code: 'failed'; readonly said: string };
