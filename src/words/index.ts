import type { Locale } from '../model/settings/locale.ts';
import type { Words } from './catalogue.ts';
import { en } from './en/index.ts';
import { zhHans } from './zh-Hans/index.ts';

export type { Words } from './catalogue.ts';

const LANGUAGES: Readonly<Record<Locale, Words>> = { en, 'zh-Hans': zhHans };

/**
 * Returns all text for people, in this language. It is passed on from main.ts and compose/, so that each reader gets
 * their own.
 */
export function wordsFor(locale: Locale): Words {
  return LANGUAGES[locale];
}
