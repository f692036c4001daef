import type { Incident } from '../incident.ts';
import type { RecordProblem } from '../record.ts';
import type { Uncovered } from './exported-incident.ts';

/** What is wrong with an exported incident. Data; `words/` turns it into a sentence. */
export type ExportProblem =
  | RecordProblem
  /** The path of entry `sequence` does not lead to the root of the checkpoint: the entry was changed, or is not of this record. */
  | { readonly kind: 'not-in-tree'; readonly sequence: number }
  /** The incident's entry number `incidentEntry` should be entry `sequence` of the document, or before it, and is not there. */
  | { readonly kind: 'left-out'; readonly incidentEntry: number; readonly sequence: number }
  /** Entry `sequence` is about another incident. */
  | { readonly kind: 'of-other-incident'; readonly sequence: number }
  /** The checkpoint covers no entry from `sequence` on. `why`: null if the document does not say. */
  | {
      readonly kind: 'not-covered';
      readonly sequence: number;
      readonly through: number;
      readonly why: Uncovered | null;
    }
  /** It says something else about the incident than its entries. */
  | { readonly kind: 'incident-disagrees'; readonly field: keyof Incident }
  /** No entry holds this digest, or the text has another one. */
  | { readonly kind: 'document-unknown'; readonly digest: string }
  /** What people read is not what the proof says, from this line on. */
  | { readonly kind: 'text-differs'; readonly line: number }
  /** Another version of Registry Doctor wrote the text, so it could not be compared. */
  | { readonly kind: 'other-version'; readonly writtenBy: string };
