import { canonicalHash, textDigest } from '../hash/canonical-hash.ts';
import { compiled } from '../model/compiled.ts';
import { AuditEntry, ChainedEntry, GENESIS_HASH } from '../model/record/audit.ts';
import type { EntryMark } from '../model/record/messages/thread-message.ts';
import type { RecordProblem } from '../model/record/record.ts';
import { chainedForm } from './erasable.ts';
import { whyUnreadable } from './unreadable.ts';

/** An entry before it has its numbers and the hashes. */
export type EntryContent = Omit<AuditEntry, 'sequence' | 'incidentEntry' | 'salts' | 'previousHash' | 'hash'> &
  Partial<Pick<AuditEntry, 'salts'>>;

/**
 * Makes the entry that follows `last` (null for the first): its numbers, the link to `last`, and the hash over all of
 * it. `inIncident`: how many entries its incident has.
 */
export function chainEntry(draft: EntryContent, last: EntryMark | null, inIncident: number): AuditEntry {
  const numbers = {
    sequence: (last?.sequence ?? 0) + 1,
    incidentEntry: draft.incidentId === null ? null : inIncident + 1,
  };
  const content = { salts: {}, ...draft, ...numbers, previousHash: last?.hash ?? GENESIS_HASH };
  return AuditEntry.parse({ ...content, hash: canonicalHash(chainedForm(content)) });
}

/** An entry as its row has it: in its chained form, with `actor` and `outcome` as JSON text. It might have been tampered with. */
export type RawEntry = {
  readonly sequence: number;
  readonly at: string;
  readonly incidentId: number | null;
  readonly incidentEntry: number | null;
  readonly actor: string;
  readonly act: string;
  readonly planId: string | null;
  readonly planHash: string | null;
  readonly outcome: string;
  readonly previousHash: string;
  readonly hash: string;
};

/**
 * Walks along the whole record, entry by entry in the order of their numbers, and finds the first that is not as it was written.
 *
 * A chain on its own cannot detect that its end was cut off, or that it was rewritten from some entry on. That takes a
 * witness.
 */
export class ChainWalk {
  readonly #json = new JsonTexts();
  /** How many entries there are. */
  readonly #total: number;
  #last: EntryMark | null = null;
  #problem: RecordProblem | null = null;

  constructor(total: number) {
    this.#total = total;
  }

  /** The first problem. Null: the chain holds from entry 1 to the last one that was added. */
  get problem(): RecordProblem | null {
    return this.#problem;
  }

  /** Returns the entry as its row has it. Null: it can't be read. */
  add(row: RawEntry): ChainedEntry | null {
    const read = Chained().safeParse(this.#plain(row));
    if (this.#problem === null) {
      this.#problem = read.success
        ? this.#problemOf(row, read.data)
        : { kind: 'unreadable', table: 'audit_entries', key: String(row.sequence), why: whyUnreadable(read.error) };
      this.#last = read.data ?? null;
    }
    return read.data ?? null;
  }

  #plain(row: RawEntry): unknown {
    return { ...row, actor: this.#json.parsed(row.actor), outcome: this.#json.parsed(row.outcome) };
  }

  #problemOf(row: RawEntry, entry: ChainedEntry): RecordProblem | null {
    const { sequence } = entry;
    const expected = (this.#last?.sequence ?? 0) + 1;
    if (hashOf(row) !== entry.hash) return this.#changedOrMoved(row);
    if (sequence > expected) return { kind: 'missing', sequence: expected, through: sequence - 1 };
    if (sequence < expected) return { kind: 'reordered', sequence: expected, writtenAs: sequence };
    if (entry.previousHash !== (this.#last?.hash ?? GENESIS_HASH)) return { kind: 'chain-broken', sequence };
    return null;
  }

  /** Tells a moved entry from a changed one: the hash of a moved entry is correct for another number. */
  #changedOrMoved(row: RawEntry): RecordProblem {
    const { sequence } = row;
    for (let writtenAs = 1; writtenAs <= this.#total + 1; writtenAs += 1) {
      if (hashOf({ ...row, sequence: writtenAs }) === row.hash) return { kind: 'reordered', sequence, writtenAs };
    }
    return { kind: 'changed', sequence };
  }
}

const Chained = compiled(ChainedEntry);

const MOST_TEXTS = 100;
/** A longer one has a digest or a name in it, and hardly comes again. Keeping it would only fill the memory. */
const MOST_CHARACTERS = 64;

/** Parses a text that comes again once: most entries are by the bot itself, and many tell the same. */
class JsonTexts {
  readonly #parsed = new Map<string, unknown>();

  /** Text that can't be parsed stays text, so that the entry is called unreadable. */
  parsed(text: string): unknown {
    if (text.length > MOST_CHARACTERS) return parsedOrText(text);
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const value = parsedOrText(text);
    if (this.#parsed.size === MOST_TEXTS) this.#parsed.clear();
    this.#parsed.set(text, value);
    return value;
  }
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Of the canonical JSON of all but the hash. The JSON of the row is canonical already, or it is not as it was written. What else is text
 * in an entry that could be read has no letter that JSON escapes.
 */
function hashOf({
  sequence,
  at,
  incidentEntry,
  incidentId,
  actor,
  act,
  planId,
  planHash,
  outcome,
  previousHash,
}: RawEntry): string {
  return textDigest(
    `{"act":"${act}","actor":${actor},"at":"${at}","incidentEntry":${incidentEntry},"incidentId":${incidentId},"outcome":${outcome},` +
      `"planHash":${quoted(planHash)},"planId":${quoted(planId)},"previousHash":"${previousHash}","sequence":${sequence}}`,
  );
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}
