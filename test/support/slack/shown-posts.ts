import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import type { SlackMessage } from '../../../src/playground/slack/stores/message-store.ts';

/** A post as Slack shows it: the keys of the messages in it, and that of its thread's first one. */
export type ShownPost = { readonly keys: readonly string[]; readonly root: string | null; readonly text: string };

/** All posts in a channel and its threads, in the order in which they were posted. */
export function postsIn(slack: SlackStandIn, channel: string): readonly ShownPost[] {
  const heads = slack.messages(channel);
  const keyOf = new Map(heads.map((head) => [head.ts, keysIn(head)[0] ?? '']));
  const all = new Map(heads.flatMap(({ ts }) => slack.thread(channel, ts)).map((message) => [message.ts, message]));
  return [...all.values()]
    .toSorted((one, other) => Number(one.ts) - Number(other.ts))
    .map((message) => ({
      keys: keysIn(message),
      root: message.threadTs === null ? null : (keyOf.get(message.threadTs) ?? 'none'),
      text: message.text,
    }));
}

const Marked = z.object({ key: z.string(), folded: z.array(z.object({ key: z.string() })).default([]) });

function keysIn({ metadata }: SlackMessage): readonly string[] {
  const { key, folded } = Marked.parse(metadata?.event_payload);
  return [key, ...folded.map((line) => line.key)];
}
