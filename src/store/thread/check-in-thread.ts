import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import { Kysely } from 'kysely';
import type { RecordProblem } from '../../model/record/record.ts';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import type { Beside } from '../../record/check/check-record.ts';
import type { PlansInRows } from '../../record/check/plans-walk.ts';
import { checkBeside } from '../record/check-beside.ts';
import { explained, openReadingConnection } from '../sqlite/connection.ts';
import { nodeSqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { damageOf } from '../sqlite/whole-file.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import type { Tables } from '../tables/tables.ts';

/** What a thread begins with. `port`: on it the thread says what it has done, and is told once to go on. */
export type ThreadTask = { readonly path: string; readonly beside: Beside; readonly port: MessagePort };

/** What a thread says, in this order. */
export type ThreadMessage =
  /** It waits until it is told to go on. */
  | { readonly kind: 'ready' }
  /** It has its snapshot. */
  | { readonly kind: 'snapshot-taken' }
  | { readonly kind: 'plans'; readonly plans: PlansInRows }
  | { readonly kind: 'checked'; readonly ofCheckpoints: readonly RecordProblem[]; readonly damage: StoreProblem | null }
  /** In place of all that follow: the record can't be read. */
  | { readonly kind: 'unusable'; readonly problem: StoreProblem };

/** Checks what {@link checkBeside} does, and whether the file is damaged, in one snapshot on a connection of its own. */
export async function checkInThread({ path, beside, port }: ThreadTask): Promise<void> {
  const say = (message: ThreadMessage) => port.postMessage(message);
  try {
    const database = await openReadingConnection(path);
    const db = new Kysely<Tables>({ dialect: nodeSqliteDialect(database) });
    try {
      say({ kind: 'ready' });
      await once(port, 'message');
      database.exec('BEGIN');
      // SQLite takes the snapshot when it reads (sqlite.org/isolation.html).
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      say({ kind: 'snapshot-taken' });
      const damage = await damageOf(db, path);
      const ofCheckpoints = await checkBeside(db, beside, (plans) => say({ kind: 'plans', plans }));
      say({ kind: 'checked', ofCheckpoints, damage });
    } finally {
      await db.destroy();
    }
  } catch (error) {
    const known = explained(error, path);
    if (!(known instanceof StoreUnavailable)) throw known;
    say({ kind: 'unusable', problem: known.problem });
  }
  // The thread lives until it is ended, so that its end is always one before its time.
  port.ref();
}
