import type { CheckpointKeeping } from '../../src/workflow/record/keep-checkpoints.ts';

/** For a bot whose record is not signed. */
export const NO_CHECKPOINTS: CheckpointKeeping = { signer: () => null, file: null };
