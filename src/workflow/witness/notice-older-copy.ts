import { parseCheckpoint } from '../../hash/checkpoint.ts';
import type { WorkflowContext } from '../context.ts';
import type { CheckpointFile } from '../ports/witnesses.ts';
import { BY_WORKFLOW } from '../record/record-act.ts';

/**
 * Compares the record with the last checkpoint in the file outside, before anything is recorded. A checkpoint is stored before it is
 * appended there, so the record is an older copy, or another one, if it has no checkpoint as new. That is logged, and is its next entry. The
 * bot goes on: anyone who restored a backup wants that.
 */
export async function noticeOlderCopy(
  { store, clock, log }: Pick<WorkflowContext, 'store' | 'clock' | 'log'>,
  file: Pick<CheckpointFile, 'last'>,
): Promise<void> {
  const note = await file.last().catch((error: unknown) => {
    log.warn(
      { err: error },
      'the checkpoints outside of the record can’t be read, so an older copy of it would not be noticed',
    );
    return null;
  });
  const outside = note === null ? null : parseCheckpoint(note);
  if (outside === null) {
    const newest = await store.transact((tx) => tx.newestCheckpoint());
    if (newest !== null)
      log.warn(
        { checkpoint: newest.size },
        'no checkpoint outside of the record was found, so an older copy of it would not be noticed',
      );
    return;
  }
  const known = await store.transact(async (tx) => {
    const newest = await tx.newestCheckpoint();
    const size = newest?.size ?? 0;
    const isSame = outside.size === size && parseCheckpoint(newest?.note ?? '')?.root === outside.root;
    if (outside.size < size || isSame) return null;
    const outcome = { checkpointOutside: outside.size, checkpoint: size };
    await tx.appendOwnAct({ at: clock.now().toISOString(), actor: BY_WORKFLOW, act: 'older-copy-found', outcome });
    return size;
  });
  if (known === null) return;
  log.error(
    { checkpointOutside: outside.size, checkpoint: known },
    'the record is an older copy or another one: it has no checkpoint as new as the last one that was kept outside; run audit verify --checkpoint',
  );
}
