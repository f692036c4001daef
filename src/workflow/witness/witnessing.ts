import { isOfItsSize, parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import type { SignedCheckpoint, WitnessAnswer } from '../../model/record/checkpoint.ts';
import type { WorkflowContext } from '../context.ts';
import type { CheckpointWitness } from '../ports/witnesses.ts';
import { entryHashesAfter } from '../record/entry-hashes.ts';

const FIRST_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 60 * 60_000;

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log' | 'metrics'>;

/**
 * Has a witness cosign the newest checkpoint, with the proof that the record only grew since the last one that it signed. What it signed
 * last is known from the record, or else the witness says it. A witness that signed over more entries than the record has, or refuses
 * the proof, contradicts the record: that is logged as an error each time.
 */
export class Witnessing {
  readonly #context: Context;
  readonly #witness: CheckpointWitness;
  readonly #onCosigned: (note: string) => void;
  /** The tree of the last checkpoint that it signed. */
  #signed = new RecordTree();
  #notBefore = 0;
  #pauseMs = FIRST_PAUSE_MS;

  /** @param onCosigned is given each checkpoint with its cosignatures */
  constructor(context: Context, witness: CheckpointWitness, onCosigned: (note: string) => void) {
    this.#context = context;
    this.#witness = witness;
    this.#onCosigned = onCosigned;
  }

  /** Asks once, if there is a newer checkpoint and the pause after a failure is over. */
  async ask(): Promise<void> {
    const { store, clock } = this.#context;
    const now = clock.now().getTime();
    const { newest, cosigned } = await store.transact(async (tx) => ({
      newest: await tx.newestCheckpoint(),
      cosigned: await tx.newestCosigned(),
    }));
    // If its row says another size than its note, the witness says what it signed last.
    const old = cosigned !== null && isOfItsSize(cosigned) ? cosigned.size : 0;
    if (newest === null || now < this.#notBefore || (newest.size === old && isSameRoot(newest, cosigned))) return;
    // Signed again over no more entries than the witness signed over, and over others: what the record holds of it says so already.
    const known = { answer: { kind: 'at', size: old }, from: old } as const;
    const { answer, from } = newest.size > old ? await this.#askFrom(newest, old) : known;
    if (answer.kind === 'cosigned') return this.#keep({ ...newest, note: answer.note });
    this.#tell(answer, { from, entries: newest.size });
    this.#notBefore = now + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  /** Asks again from where the witness is, if it is elsewhere and not past the checkpoint. */
  async #askFrom(
    newest: SignedCheckpoint,
    old: number,
  ): Promise<{ readonly answer: WitnessAnswer; readonly from: number }> {
    const answer = await this.#submit(newest, old);
    const isElsewhere = answer.kind === 'at' && answer.size !== old && answer.size <= newest.size;
    return isElsewhere ? { answer: await this.#submit(newest, answer.size), from: answer.size } : { answer, from: old };
  }

  async #submit({ size, note }: SignedCheckpoint, old: number): Promise<WitnessAnswer> {
    if (this.#signed.size > old) this.#signed = new RecordTree();
    for (const hash of await this.#hashes(this.#signed.size, old)) this.#signed.append(hash);
    const proof = old === 0 ? [] : this.#signed.proofOfGrowth(await this.#hashes(old, size));
    return this.#witness.addCheckpoint({ old, proof, note });
  }

  /** The hashes of the entries after `from`, up to `through`. */
  async #hashes(from: number, through: number): Promise<readonly string[]> {
    const hashes: string[] = [];
    const read = (after: number, limit: number) => this.#context.store.transact((tx) => tx.entryHashes(after, limit));
    for await (const more of entryHashesAfter(read, from, through)) hashes.push(...more);
    return hashes;
  }

  async #keep(cosigned: SignedCheckpoint): Promise<void> {
    const { store, metrics } = this.#context;
    await store.transact((tx) => tx.insertCosigned(cosigned));
    metrics.count('checkpoint', { to: 'witness', result: 'kept' });
    this.#notBefore = 0;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#onCosigned(cosigned.note);
  }

  #tell(answer: NotCosigned, asked: { readonly from: number; readonly entries: number }): void {
    const { log, metrics } = this.#context;
    const { entries } = asked;
    const contradicts = isContradiction(answer, asked);
    metrics.count('checkpoint', { to: 'witness', result: contradicts ? 'contradicted' : 'failed' });
    if (contradicts) log.error({ answer, entries }, 'the witness knows another record than this one; run audit verify');
    else log.warn({ answer, entries }, 'the witness did not cosign a checkpoint; the next try follows');
  }
}

type NotCosigned = Exclude<WitnessAnswer, { kind: 'cosigned' }>;

/** Whether the witness signed over what the record does not have. `from`: the size that it was asked to go on from. */
export function isContradiction(
  answer: NotCosigned,
  { from, entries }: { readonly from: number; readonly entries: number },
): boolean {
  if (answer.kind === 'at' && answer.size > entries) return true;
  if (answer.kind === 'refused' && answer.status === 422) return true;
  // To another root over as many entries the protocol said 409 before July 2026, and says 422 since. Some add their size.
  const isConflict = answer.kind === 'at' ? answer.size === from : answer.kind === 'refused' && answer.status === 409;
  return isConflict && from === entries;
}

function isSameRoot(one: SignedCheckpoint, other: SignedCheckpoint | null): boolean {
  return other !== null && parseCheckpoint(one.note)?.root === parseCheckpoint(other.note)?.root;
}
