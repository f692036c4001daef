import { type Kysely, sql } from 'kysely';
import type { StoreProblem } from '../../model/record/store-problem.ts';
import { StoreUnavailable } from '../store-unavailable.ts';
import { explained } from './connection.ts';

/**
 * Reads the whole file, with the indexes that answers may come from (sqlite.org/pragma.html#pragma_integrity_check). Null: it is
 * not damaged.
 */
export async function damageOf<T>(db: Kysely<T>, path: string): Promise<StoreProblem | null> {
  try {
    const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check(1)`.execute(db);
    const said = rows[0]?.integrity_check ?? '';
    return said === 'ok' ? null : { kind: 'damaged', path, why: { errno: null, said } };
  } catch (error) {
    const known = explained(error, path);
    if (known instanceof StoreUnavailable) return known.problem;
    throw known;
  }
}
