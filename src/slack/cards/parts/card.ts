import type { types } from '@slack/bolt';

/** One message in Slack's format. `text` is complete sentences: notifications and screen readers have nothing else. */
export type Card = { readonly text: string; readonly blocks: readonly types.KnownBlock[] };
