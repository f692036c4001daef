import { type Phrase, plainText, say } from '../phrase.ts';

const FORMATS = {
  and: new Intl.ListFormat('zh-Hans', { type: 'conjunction' }),
  or: new Intl.ListFormat('zh-Hans', { type: 'disjunction' }),
} as const;

/** Chinese characters and full-width punctuation: what needs no space beside another Chinese character. */
const CHINESE_AT_START = /^[\p{Script=Han}\u3000-\u303f\uff00-\uffef“‘…]/u;
const CHINESE_AT_END = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef”’…]$/u;

/** `a`, `a 和 b`, `a、b 和 c`; with `or`, 或 in place of 和. Items keep their styles. */
export function listOf(items: readonly Phrase[], word: 'and' | 'or' = 'and'): Phrase {
  const parts = FORMATS[word].formatToParts(items.map((_, index) => String(index)));
  return parts.flatMap((part, at) => {
    if (part.type === 'element') return items[Number(part.value)] ?? [];
    // Elements and the words between them alternate, so the next element is half of all parts so far.
    const next = (at + 1) / 2;
    return part.value === '、' ? say`、` : spaced(items[next - 1] ?? [], part.value, items[next] ?? []);
  });
}

/** The same for bare text. */
export function textList(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  const phrases = items.map((item) => say`${item}`);
  return plainText(listOf(phrases, word));
}

/** The word between two items, with a space on a side that is not Chinese. */
function spaced(before: Phrase, word: string, after: Phrase): Phrase {
  const left = CHINESE_AT_END.test(plainText(before)) ? '' : ' ';
  const right = CHINESE_AT_START.test(plainText(after)) ? '' : ' ';
  return say`${left}${word}${right}`;
}
