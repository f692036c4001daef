import { textOfNote } from '../../hash/signed-note.ts';
import type { AuditTrail } from '../../workflow/ports/audit-trail.ts';
import type { Console } from '../terminal/console.ts';
import { EXIT } from '../terminal/exit-status.ts';

type Checkpoints = Pick<AuditTrail, 'newestCheckpoint' | 'newestCosigned'>;

/** `audit checkpoint`: the newest signed checkpoint, with its cosignatures if it has any, to be kept where the bot can't reach. */
export async function printCheckpoint(trail: Checkpoints, console: Console): Promise<number> {
  const checkpoint = await trail.newestCheckpoint();
  if (checkpoint === null) {
    console.err(console.words.cli.NO_CHECKPOINT);
    return EXIT.notGood;
  }
  const cosigned = await trail.newestCosigned();
  const text = textOfNote(checkpoint.note);
  const isSame = cosigned !== null && text !== null && textOfNote(cosigned.note) === text;
  console.out(isSame ? cosigned.note : checkpoint.note);
  return EXIT.good;
}
