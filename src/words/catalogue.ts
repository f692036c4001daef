import type { en } from './en/index.ts';

/** All text for people, in one language. English is the pattern: what it has, every language has. */
export type Words = Catalogue<typeof en>;

/** The form of a language's words: the same names and arguments, and texts of any wording. */
type Catalogue<T> = T extends string
  ? string
  : T extends (...parts: infer Parts) => infer Said
    ? (...parts: Parts) => Worded<Said>
    : { readonly [Key in keyof T]: Catalogue<T[Key]> };

type Worded<Said> = Said extends string ? string : Said;
