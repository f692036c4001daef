import { type Phrase, plainText, say } from '../phrase.ts';

/** Chinese characters and full-width punctuation: what needs no space beside another Chinese character. */
const CHINESE_AT_START = /^[\p{Script=Han}\u3000-\u303f\uff00-\uffef“‘…]/u;
const CHINESE_AT_END = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef”’…]$/u;

/** The phrase for the middle of a Chinese sentence: with a space on each side that is not Chinese. */
export function between(phrase: Phrase): Phrase {
  return say`${gapAfterChinese(phrase)}${phrase}${gapBeforeChinese(phrase)}`;
}

/** The same for the start of a Chinese sentence: what follows is Chinese, and nothing before it. */
export function leading(phrase: Phrase): Phrase {
  return say`${phrase}${gapBeforeChinese(phrase)}`;
}

/** Parts on one line, with a dot between them; a bracket before it brings its own space. */
export function dotted(parts: readonly Phrase[]): Phrase {
  return parts.flatMap((part, index) => {
    const before = parts[index - 1];
    return before === undefined ? part : say`${plainText(before).endsWith('）') ? '' : ' '}· ${part}`;
  });
}

/** The word between two items, with a space on a side that is not Chinese. */
export function wordBetween(before: Phrase, word: string, after: Phrase): Phrase {
  return say`${gapBeforeChinese(before)}${word}${gapAfterChinese(after)}`;
}

/** What stands between a Chinese character and the phrase after it. Code stands apart whatever it is made of. */
function gapAfterChinese(phrase: Phrase): string {
  return phrase.at(0)?.kind !== 'code' && CHINESE_AT_START.test(plainText(phrase)) ? '' : ' ';
}

/** The same for the phrase before it. */
function gapBeforeChinese(phrase: Phrase): string {
  return phrase.at(-1)?.kind !== 'code' && CHINESE_AT_END.test(plainText(phrase)) ? '' : ' ';
}
