import { setTimeout as sleep } from 'node:timers/promises';
import type { UserId } from '../../model/record/ids.ts';
import type { Locale } from '../../model/settings/locale.ts';
import { type Words, wordsFor } from '../../words/index.ts';
import type { SlackDirectory } from './slack-directory.ts';

/** Slack waits three seconds for some answers: rather in another language than too late. */
const LIMIT_MS = 1_000;

/** The words in one person's language; null: it is not known whose. Never rejects. */
export type WordsOf = (user: UserId | null) => Promise<Words>;

/** What one person reads alone is in the language of their Slack, if it is one of ours; else in the one that the channels share. */
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
