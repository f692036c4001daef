import { open } from 'node:fs/promises';
import { notesIn } from '../hash/checkpoint.ts';
import { errnoCode } from '../model/system-problem.ts';
import type { CheckpointFile } from '../workflow/ports/witnesses.ts';

/** Read by others: it holds no secret, and it is of use only where others can copy it. */
const FILE_MODE = 0o644;
/** Holds several notes. */
const TAIL_BYTES = 16_384;

/**
 * A file to which checkpoints are appended, each after a blank line, so that what a full disk cut off spoils no other. It is opened for each one, so that it can be moved away by
 * what rotates or collects it, and only its end is read, at the start: on a disk of another machine it can be one to which the bot can only append
 * (chattr(1), `+a`).
 */
export function checkpointFile(path: string): CheckpointFile {
  return {
    name: 'file',
    append: async (note) => {
      const file = await open(path, 'a', FILE_MODE);
      try {
        await file.appendFile(`\n\n${note}`);
        await file.sync();
      } finally {
        await file.close();
      }
    },
    last: async () => {
      try {
        const file = await open(path, 'r');
        try {
          const { size } = await file.stat();
          const { buffer, bytesRead } = await file.read({
            buffer: Buffer.alloc(TAIL_BYTES),
            position: Math.max(0, size - TAIL_BYTES),
          });
          return notesIn(buffer.toString('utf8', 0, bytesRead)).at(-1) ?? null;
        } finally {
          await file.close();
        }
      } catch (error) {
        if (errnoCode(error) === 'ENOENT') return null;
        throw error;
      }
    },
  };
}
