import PQueue from 'p-queue';
import { checkpointLine, parseCheckpoint, RecordTree } from '../../hash/checkpoint.ts';
import type { SignedCheckpoint } from '../../model/record/checkpoint.ts';
import type { ChannelId } from '../../model/record/ids.ts';
import type { WorkflowContext } from '../context.ts';
import type { CheckpointFile, CheckpointSigner, Checkpoints, RecordStore } from '../ports.ts';

/** What was recorded within this time can be changed without a checkpoint that contradicts it. */
const EVERY_MS = 60_000;
const HASHES_AT_ONCE = 10_000;

/** What makes and takes checkpoints. */
export type CheckpointKeeping = {
  /** Null: none are made. It can be another one after the config file was reloaded. */
  readonly signer: () => CheckpointSigner | null;
  /** Null: they are kept in the record only. */
  readonly file: CheckpointFile | null;
  /** Where one is posted each day in which the record grew. Null: nowhere. */
  readonly channel: () => ChannelId | null;
};

type Context = Pick<WorkflowContext, 'store' | 'clock' | 'log'>;

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
 * Signs checkpoints over the record: stores them, and appends them to a file that others can keep. Who rewrites the record then
 * contradicts every checkpoint that is out of their reach.
 */
export class CheckpointKeeper implements Checkpoints {
  readonly #context: Context;
  readonly #keeping: CheckpointKeeping;
  readonly #tree = new RecordTree();
  /** The tree grows in one place at a time. */
  readonly #turns = new PQueue({ concurrency: 1 });
  /** Stored, and not in the file yet. A newer one takes its place, because it covers all that the older one does. */
  #notInFile: string | null = null;
  /** The record was compared with the checkpoint that an earlier start left. */
  #isCompared = false;
  #isContradicted = false;

  constructor(context: Context, keeping: CheckpointKeeping) {
    this.#context = context;
    this.#keeping = keeping;
  }

  keep(): Promise<void> {
    return this.#turns.add(async () => {
      await this.#sign();
      await this.#post();
      const { file } = this.#keeping;
      if (file === null || this.#notInFile === null) return;
      await file.append(this.#notInFile);
      this.#notInFile = null;
    });
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
    const key = `checkpoint:${clock.now().toISOString().slice(0, 'YYYY-MM-DD'.length)}`;
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
    await store.transact((tx) => tx.insertCheckpoint({ size, note: signed.note }));
    this.#notInFile = signed.note;
  }

  /** Reads the entries that are new. False: the record is not the one that the newest checkpoint was signed over. */
  async #grow(newest: SignedCheckpoint | null): Promise<boolean> {
    if (!this.#isCompared && newest !== null) {
      await this.#append(newest.size);
      if (parseCheckpoint(newest.note)?.root !== this.#tree.root()) return this.#refuse(newest);
      // It might not have reached the file before that start ended. A note that is there twice does no harm.
      this.#notInFile = newest.note;
    }
    this.#isCompared = true;
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
    for (;;) {
      const limit = Math.min(HASHES_AT_ONCE, size - this.#tree.size);
      const hashes = limit === 0 ? [] : await hashesAfter(this.#context.store, this.#tree.size, limit);
      for (const hash of hashes) this.#tree.append(hash);
      if (hashes.length < HASHES_AT_ONCE) return;
    }
  }
}

function hashesAfter(store: RecordStore, sequence: number, limit: number): Promise<readonly string[]> {
  return store.transact((tx) => tx.entryHashes(sequence, limit));
}
