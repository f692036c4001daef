/** The languages that people can choose, by their tags (BCP 47). */
export const LOCALES = ['en', 'zh-Hans'] as const;
export type Locale = (typeof LOCALES)[number];

/** Simplified Chinese is written in these regions. In others (zh-TW, zh-HK) it is Traditional, which we don't have. */
const SIMPLIFIED = /^zh(-hans)?(-(cn|sg|my))?$/;

/**
 * Our language for a tag, as Slack gives it (`zh-CN`) or a POSIX environment (`zh_CN.UTF-8`). Null: not one of ours. A
 * reader of Traditional Chinese is better served by their team's language than by the other script.
 */
export function localeOfTag(tag: string): Locale | null {
  const plain = tag
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
  if (SIMPLIFIED.test(plain)) return 'zh-Hans';
  return /^en(-|$)/.test(plain) ? 'en' : null;
}
