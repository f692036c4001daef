import { type Phrase, plainText, say } from '../phrase.ts';
import { wordBetween } from './spacing.ts';

const FORMATS = {
  and: new Intl.ListFormat('zh-Hans', { type: 'conjunction' }),
  or: new Intl.ListFormat('zh-Hans', { type: 'disjunction' }),
} as const;

/** `a`, `a 和 b`, `a、b 和 c`; with `or`, 或 in place of 和. Items keep their styles. */
export function listOf(items: readonly Phrase[], word: 'and' | 'or' = 'and'): Phrase {
  const parts = FORMATS[word].formatToParts(items.map((_, index) => String(index)));
  return parts.flatMap((part, at) => {
    if (part.type === 'element') return items[Number(part.value)] ?? [];
    // Elements and the words between them alternate, so the next element is half of all parts so far.
    const next = (at + 1) / 2;
    return part.value === '、' ? say`、` : wordBetween(items[next - 1] ?? [], part.value, items[next] ?? []);
  });
}

/** The same for bare text. */
export function textList(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  const phrases = items.map((item) => say`${item}`);
  return plainText(listOf(phrases, word));
}
