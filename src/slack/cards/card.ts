import type { types } from '@slack/bolt';

/** One message as Slack takes it. `text` is whole sentences: notifications and screen readers have nothing else. */
export type Card = { readonly text: string; readonly blocks: readonly types.KnownBlock[] };
