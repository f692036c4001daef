import { setTimeout as sleep } from 'node:timers/promises';
import type { UserId } from '../../model/record/ids.ts';
import type { Locale } from '../../model/settings/locale.ts';
import { type Words, wordsFor } from '../../words/index.ts';
import type { SlackDirectory } from './slack-directory.ts';

/** Slack waits three seconds for some answers. Another language is better than a late answer. */
const LIMIT_MS = 1_000;

/** The words in one person's language. Null: the person is unknown. Never rejects. */
export type WordsOf = (user: UserId | null) => Promise<Words>;

/**
 * A private answer is in the language of the person's Slack if it is one of ours, otherwise in the one that the
 * channels share.
 */
export function readerWords(directory: Pick<SlackDirectory, 'localeOf'>, shared: Locale): WordsOf {
  return async (user) => {
    if (user === null) return wordsFor(shared);
    const waited = new AbortController();
    const late = sleep(LIMIT_MS, null, { signal: waited.signal }).catch(() => null);
    const locale = await Promise.race([directory.localeOf(user), late]);
    waited.abort();
    return wordsFor(locale ?? shared);
  };
}
