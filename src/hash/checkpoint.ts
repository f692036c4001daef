import { createHash } from 'node:crypto';
import { consistencyProof } from './consistency-proof.ts';
import { type InclusionPath, MerkleFrontier, rootAtEnd } from './merkle-frontier.ts';
import { type NoteKey, textOfNote } from './signed-note.ts';

/** What a checkpoint says: the record's name, and the root of the Merkle tree over its first `size` entries, base64. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: string };

const TEXT = /^(?<origin>[^\n]+)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n/;
/** Of the text that is signed, at least. */
const TEXT_LINES = 3;
/** A checkpoint on one line, whatever is before it. */
const ON_ONE_LINE = /\bcheckpoint \S+ \d+ [\w+/]{43}=(?: \S+ [\w+/]{80,}=*)+/u;
const LINE = /^checkpoint (?<origin>\S+) (?<size>\d+) (?<root>\S+) (?<signatures>.+)$/;

/** Whose signature a record's checkpoints bear. The name has the key in it, so two records never share a name. */
export function checkpointKey(publicKey: Uint8Array): NoteKey {
  const digest = createHash('sha256').update(publicKey).digest('hex');
  return { name: `registry-doctor/${digest.slice(0, 16)}`, publicKey };
}

/** The text that is signed (https://c2sp.org/tlog-checkpoint). */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root}\n`;
}

/** Reads the checkpoint in a signed note; verifies no signature. Null: there is none in it. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const { origin, size, root } = TEXT.exec(textOfNote(note) ?? '')?.groups ?? {};
  if (origin === undefined || size === undefined || root === undefined) return null;
  return { origin, size: Number(size), root };
}

/** Whether a note that is stored beside a number of entries says that number. No: it says another one, or can't be read. */
export function isOfItsSize({ size, note }: { readonly size: number; readonly note: string }): boolean {
  return parseCheckpoint(note)?.size === size;
}

/**
 * A signed checkpoint on one line of ASCII, for what takes only lines, as syslog, Slack and the guard do:
 * `checkpoint ORIGIN SIZE ROOT NAME SIGNATURE`, with a name and a signature for each that the note has. Null: it is no checkpoint.
 */
export function checkpointLine(note: string): string | null {
  const checkpoint = parseCheckpoint(note);
  if (checkpoint === null) return null;
  const { origin, size, root } = checkpoint;
  const signatures = note
    .split('\n')
    .flatMap((line) => (line.startsWith(SIGNED_BY) ? [line.slice(SIGNED_BY.length)] : []));
  return ['checkpoint', origin, size, root, ...signatures].join(' ');
}

/**
 * The signed notes in a text: a file to which a bot appends its checkpoints, each after a blank line, or a log with checkpoints on one line
 * each. One pass over the lines, since a log can be long.
 */
export function notesIn(text: string): readonly string[] {
  const notes: string[] = [];
  let block: string[] = [];
  let note: string[] | null = null;
  const end = () => {
    if (note !== null && note.length > 0) notes.push([...block, '', ...note, ''].join('\n'));
    block = [];
    note = null;
  };
  const lines = text.split('\n');
  // What follows the last line feed: a line that was cut off, or the only one.
  const rest = lines.pop() ?? '';
  for (const line of lines) {
    notes.push(...noteOnOneLine(line));
    if (note !== null && line.startsWith(SIGNED_BY)) note.push(line);
    else if (note === null && line !== '') block.push(line);
    else if (note === null && block.length >= TEXT_LINES) note = [];
    else {
      end();
      if (line !== '') block.push(line);
    }
  }
  end();
  return [...notes, ...noteOnOneLine(rest)];
}

function noteOnOneLine(line: string): readonly string[] {
  const found = ON_ONE_LINE.exec(line)?.[0];
  const note = found === undefined ? null : noteOfLine(found);
  return note === null ? [] : [note];
}

/** The signed note that {@link checkpointLine} wrote. Null: the line is not one. */
export function noteOfLine(line: string): string | null {
  const { origin = '', size, root = '', signatures = '' } = LINE.exec(line)?.groups ?? {};
  if (size === undefined) return null;
  const pairs = signatures.match(/\S+ \S+/g) ?? [];
  return `${checkpointText({ origin, size: Number(size), root })}\n${pairs.map((pair) => `${SIGNED_BY}${pair}\n`).join('')}`;
}

const SIGNED_BY = '\u2014 ';

/**
 * The Merkle tree over a record's entries. A leaf is the SHA-256 of the entry's canonical JSON, which is the entry's own hash:
 * so an entry can be proven by its content, and the tree by the hashes alone.
 */
export class RecordTree {
  readonly #frontier = new MerkleFrontier();

  get size(): number {
    return this.#frontier.size;
  }

  /** `hash`: `sha256:` and 64 hexadecimal digits. `path`: see {@link MerkleFrontier.append}. */
  append(hash: string, path: InclusionPath | null = null): void {
    this.#frontier.append(leafOf(hash), path);
  }

  /** Proves that the tree with these further entries begins with this one. Base64, as a witness takes it. */
  proofOfGrowth(added: readonly string[]): readonly string[] {
    return consistencyProof(this.#frontier, added.map(leafOf)).map((node) => node.toString('base64'));
  }

  /** Base64, as in a checkpoint. */
  root(): string {
    return this.#frontier.root().toString('base64');
  }

  /** See {@link MerkleFrontier.close}. */
  close(): void {
    this.#frontier.close();
  }
}

/** Whether the entry with this number and hash is in the tree of the checkpoint. `path`: the siblings up to the root, base64. */
export function isIncluded(
  { sequence, hash }: { readonly sequence: number; readonly hash: string },
  { size, root }: Checkpoint,
  path: readonly string[],
): boolean {
  const siblings = path.map((one) => Buffer.from(one, 'base64'));
  const end = rootAtEnd(leafOf(hash), { index: sequence - 1, size }, siblings);
  return end !== null && end.toString('base64') === root;
}

function leafOf(hash: string): Buffer {
  return Buffer.from(hash.slice(hash.indexOf(':') + 1), 'hex');
}
