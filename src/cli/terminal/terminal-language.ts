import type { Environment } from '../../config/environment.ts';
import { LOCALES, type Locale, localeOfTag } from '../../model/settings/locale.ts';

/** The language of a terminal: what `--lang` says, else the locale for messages, as POSIX finds it (XBD 8.2). */
export function terminalLanguage(args: readonly string[], environment: Environment): Locale {
  const asked = LOCALES.find((locale) => locale === askedFor(args));
  if (asked !== undefined) return asked;
  const tag = [environment['LC_ALL'], environment['LC_MESSAGES'], environment['LANG']].find(Boolean);
  return (tag === undefined ? null : localeOfTag(tag)) ?? 'en';
}

/**
 * The value of `--lang`, before the arguments are parsed: help and complaints about the rest of them are in that language, too.
 * The parser looks again, and complains of a language that is not there.
 */
function askedFor(args: readonly string[]): string | undefined {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  const at = options.findLastIndex((arg) => arg === '--lang' || arg.startsWith('--lang='));
  const option = options[at];
  return option === '--lang' ? options[at + 1] : option?.slice('--lang='.length);
}
