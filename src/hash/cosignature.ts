import { COSIGNATURE, isGood, type NoteKey, signaturesIn, textOfNote } from './signed-note.ts';

const TIME_BYTES = 8;

/** When this witness cosigned the note, in Unix seconds (https://c2sp.org/tlog-cosignature). Null: it bears no valid cosignature of it. */
export function cosignedAt(note: string, witness: NoteKey): number | null {
  for (const signed of signaturesIn(note, witness, COSIGNATURE)) {
    const time = signed.length > TIME_BYTES ? signed.readBigUInt64BE() : 0n;
    const text = `cosignature/v1\ntime ${time}\n${textOfNote(note) ?? ''}`;
    // Without a time it does not say when this was the largest tree.
    if (time > 0n && isGood(text, signed.subarray(TIME_BYTES), witness)) return Number(time);
  }
  return null;
}

/** The note with the cosignatures of this witness that are in its answer. Null: none of them is valid. */
export function withCosignatures(note: string, answer: string, witness: NoteKey): string | null {
  const valid = answer.split('\n').filter((line) => cosignedAt(`${note}${line}\n`, witness) !== null);
  return valid.length === 0 ? null : [note, ...valid.map((line) => `${line}\n`)].join('');
}
