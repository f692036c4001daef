import PQueue from 'p-queue';
import { checkpointLine, parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { ChannelId } from '../../model/record/ids.ts';
import type { WorkflowContext } from '../context.ts';
import type { RecordStore } from '../ports/record.ts';
import type { CheckpointSigner } from '../ports/signing.ts';
import type { Checkpoints, CheckpointTaker, CheckpointWitness } from '../ports/witnesses.ts';
import { entryHashesAfter } from '../record/entry-hashes.ts';
import { utcDay } from '../record/utc-day.ts';
import { Witnessing } from './witnessing.ts';

/** What was recorded within this time can be changed without a checkpoint that contradicts it. */
const EVERY_MS = 60_000;

/** What makes and takes checkpoints. */
export type CheckpointKeeping = {
  /** Null: none are made. It can be another one after the config file was reloaded. */
  readonly signer: () => CheckpointSigner | null;
  /** Where each is handed to. */
  readonly takers: readonly CheckpointTaker[];
  /** Null: no other party signs them. */
  readonly witness: CheckpointWitness | null;
  /** Where one is posted each day in which the record grew. Null: nowhere. */
  readonly channel: () => ChannelId | null;
};

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log' | 'metrics'>;

/** Signs a checkpoint over the record each minute in which it grew, and at the stop, and hands it to those who keep it. */
export async function keepCheckpointsUntil(
  stop: AbortSignal,
  { clock, log }: Pick<Context, 'clock' | 'log'>,
  checkpoints: Pick<Checkpoints, 'keep'>,
): Promise<void> {
  while (!stop.aborted) {
    await clock.sleep(EVERY_MS, stop);
    await checkpoints
      .keep()
      .catch((error: unknown) => log.error({ err: error }, 'no checkpoint could be kept; the next try follows'));
  }
}

/**
 * Signs checkpoints over the record: stores them, and hands them to those who keep them elsewhere. Who rewrites the record then
 * contradicts every checkpoint that is out of their reach.
 */
export class CheckpointKeeper implements Checkpoints {
  readonly #context: Context;
  readonly #keeping: CheckpointKeeping;
  readonly #tree = new RecordTree();
  /** Of the last entry in the tree. Null: it is empty. */
  #lastHash: string | null = null;
  /** The tree grows in one place at a time. */
  readonly #turns = new PQueue({ concurrency: 1 });
  /** Stored, and not handed over yet. A newer one takes its place, because it covers all that the older one does. */
  readonly #due = new Map<CheckpointTaker, string>();
  readonly #witnessing: Witnessing | null;
  /** The record was compared with the checkpoint that an earlier start left. */
  #isCompared = false;
  #isContradicted = false;

  constructor(context: Context, keeping: CheckpointKeeping) {
    this.#context = context;
    this.#keeping = keeping;
    const { witness } = keeping;
    this.#witnessing = witness && new Witnessing(context, witness, (note) => this.#handOut(note));
  }

  async keep(): Promise<void> {
    await this.#turns.add(() => this.#sign());
    // Whatever one of these meets keeps the others from nothing. Executions wait for none of them.
    await this.#trying('no checkpoint could be posted; the next try follows', () => this.#post());
    await this.#trying('the witness could not be asked; the next try follows', async () => {
      if (!this.#isContradicted) await this.#witnessing?.ask();
    });
    for (const [taker, note] of [...this.#due]) await this.#hand(taker, note);
  }

  async #trying(failed: string, act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => this.#context.log.error({ err: error }, failed));
  }

  #handOut(note: string): void {
    for (const taker of this.#keeping.takers) this.#due.set(taker, note);
  }

  async #hand(taker: CheckpointTaker, note: string): Promise<void> {
    const { log, metrics } = this.#context;
    try {
      await taker.append(note);
      if (this.#due.get(taker) === note) this.#due.delete(taker);
      metrics.count('checkpoint', { to: taker.name, result: 'kept' });
    } catch (error) {
      log.error({ err: error, to: taker.name }, 'a checkpoint could not be handed over; the next try follows');
      metrics.count('checkpoint', { to: taker.name, result: 'failed' });
    }
  }

  async signNow(): Promise<SignedCheckpoint | null> {
    const { store, log } = this.#context;
    const sign = () => this.#sign();
    await this.#turns.add(sign).catch((error: unknown) => log.error({ err: error }, 'no checkpoint could be signed'));
    return store.transact((tx) => tx.newestCheckpoint());
  }

  /**
   * Posts the newest checkpoint once a day if the record grew since the last one. Not with each incident: every post of a thread has the
   * hashes of its entries already. A post of its own each day, and not one that is edited: an edited post is no witness.
   */
  async #post(): Promise<void> {
    const channel = this.#keeping.channel();
    if (channel === null) return;
    const { store, clock } = this.#context;
    const key = `checkpoint:${utcDay(clock.now())}`;
    await store.transact(async (tx) => {
      const newest = await tx.newestCheckpoint();
      const line = newest && checkpointLine(newest.note);
      if (newest === null || line === null) return;
      if ((await tx.deliveryOfMessage(key)) !== null || (await tx.checkpointTold()) >= newest.size) return;
      await tx.putNotice({ key, channel, body: { kind: 'checkpoint', entries: newest.size, line } });
    });
  }

  async #sign(): Promise<void> {
    const { store, log } = this.#context;
    const signer = this.#keeping.signer();
    const newest = await store.transact((tx) => tx.newestCheckpoint());
    if (signer === null || this.#isContradicted || !(await this.#grow(newest))) return;
    const { size } = this.#tree;
    if (size === (newest?.size ?? 0)) return;
    const signed = await signer.signCheckpoint(size, this.#tree.root());
    if (signed.kind === 'cannot-sign') {
      log.warn({ why: signed.why }, 'no checkpoint was signed');
      return;
    }
    // Another bot might have signed one over as many entries meanwhile.
    const kept = await store.transact((tx) => tx.keepCheckpoint({ size, note: signed.note }));
    if (parseCheckpoint(kept.note)?.root !== this.#tree.root()) this.#refuse(kept);
    else this.#handOut(signed.note);
  }

  /** Reads the entries that are new. False: the record is not the one that the newest checkpoint was signed over. */
  async #grow(newest: SignedCheckpoint | null): Promise<boolean> {
    if (!this.#isCompared && newest !== null) {
      await this.#append(newest.size);
      if (parseCheckpoint(newest.note)?.root !== this.#tree.root()) return this.#refuse(newest);
      // It might not have been handed over before that start ended. A note that is there twice does no harm.
      this.#handOut(newest.note);
    }
    this.#isCompared = true;
    // A database that was replaced under the bot, as by a standby that is behind, can have lost entries.
    const [last = null] = this.#tree.size === 0 ? [] : await hashesAfter(this.#context.store, this.#tree.size - 1, 1);
    if (last !== this.#lastHash) return this.#refuse(newest ?? { size: this.#tree.size, note: '' });
    await this.#append(Number.POSITIVE_INFINITY);
    return true;
  }

  #refuse({ size: entries }: SignedCheckpoint): false {
    this.#isContradicted = true;
    this.#context.log.error(
      { entries },
      'the record is not the one that its newest checkpoint was signed over, so no other is signed; run audit verify',
    );
    return false;
  }

  /** Appends entries to the tree until it has this size, or until there are no more. */
  async #append(size: number): Promise<void> {
    const read = (after: number, limit: number) => hashesAfter(this.#context.store, after, limit);
    for await (const hashes of entryHashesAfter(read, this.#tree.size, size)) {
      for (const hash of hashes) this.#tree.append(hash);
      this.#lastHash = hashes.at(-1) ?? this.#lastHash;
    }
  }
}

function hashesAfter(store: RecordStore, sequence: number, limit: number): Promise<readonly string[]> {
  return store.transact((tx) => tx.entryHashes(sequence, limit));
}
