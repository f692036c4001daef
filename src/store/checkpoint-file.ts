import { open } from 'node:fs/promises';
import type { CheckpointFile } from '../workflow/ports.ts';

/** Read by others: it holds no secret, and it is of use only where others can copy it. */
const FILE_MODE = 0o644;

/**
 * A file to which checkpoints are appended, each after a blank line, so that what a full disk cut off spoils no other. It is opened for each one, so that it can be moved away by
 * what rotates or collects it, and it is never read: on a disk of another machine it can be one to which the bot can only append
 * (chattr(1), `+a`).
 */
export function checkpointFile(path: string): CheckpointFile {
  return {
    append: async (note) => {
      const file = await open(path, 'a', FILE_MODE);
      try {
        await file.appendFile(`\n\n${note}`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}
