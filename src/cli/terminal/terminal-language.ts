import type { Environment } from '../../config/environment.ts';
import { LOCALES, type Locale, localeOfTag } from '../../model/settings/locale.ts';

/** Chooses the language of a terminal: `--lang`, otherwise the locale for messages, as in POSIX (XBD 8.2). */
export function terminalLanguage(args: readonly string[], environment: Environment): Locale {
  const asked = LOCALES.find((locale) => locale === askedFor(args));
  if (asked !== undefined) return asked;
  const tag = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(Boolean);
  return (tag === undefined ? null : localeOfTag(tag)) ?? 'en';
}

/**
 * The value of `--lang`, before the arguments are parsed: help and usage errors are in that language, too. The parser
 * reads it again, and reports an unknown language.
 */
function askedFor(args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  const at = options.findLastIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const option = options[at];
  return option === '--lang' ? options[at + 1] : option?.slice('--lang='.length);
}
