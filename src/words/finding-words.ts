import type { Diagnosis } from '../model/diagnosis/diagnosis.ts';
import type { FindingId, FindingOf } from '../model/diagnosis/finding.ts';
import { isSilence } from '../model/reason.ts';
import type { Phrase } from './phrase.ts';

export type FindingWords = {
  /** One clause, without a full stop. */
  readonly title: Phrase;
  readonly because: Phrase;
  /** What to do, and what not to do. */
  readonly remedy: Phrase;
};

/** The part of a diagnosis that the words for a finding need. */
export type FindingContext = Pick<Diagnosis, 'host' | 'service' | 'plan'>;

/** The words for one kind of finding. */
export type WordsFor<Id extends FindingId> = {
  /** What the first line says after the host's name, where this finding leads; null: it's too small to lead. */
  readonly headline: string | ((finding: FindingOf<Id>) => string) | null;
  readonly words: (finding: FindingOf<Id>, context: FindingContext) => FindingWords;
};

export type WordsById = { readonly [Id in FindingId]: WordsFor<Id> };

/** How the question to the registry ended without an answer: no one could ask it, it stayed silent, or something else came back. */
export function silenceOf({ asked, why }: FindingOf<'registry-not-answering'>): 'silent' | 'unreadable' | 'not-asked' {
  if (!asked) return 'not-asked';
  return isSilence(why) ? 'silent' : 'unreadable';
}
