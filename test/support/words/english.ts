import { wordsFor } from '../../../src/words/index.ts';

/** The words that tests expect, unless they are about another language. */
export const english = wordsFor('en');
