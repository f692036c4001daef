import { StoreUnavailable } from '../store-unavailable.ts';
import type { KnownEnd } from './known-end.ts';
import type { OneConnection } from './one-connection.ts';
import { explained } from './problems.ts';
import type { Row } from './row.ts';

/** Runs one statement. Rejects with StoreUnavailable if the server can't be asked, or has lost entries. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** One statement after the other, each durable on its own. None runs on a database that has lost entries: the next one looks for another there. */
export function askingOver(connection: OneConnection, server: string, known: KnownEnd): Ask {
  return async (text, values = []) => {
    try {
      const client = await connection.connect();
      try {
        const question = known.question();
        question.require((await client.query<Row>(question.text, [])).rows);
        return (await client.query<Row>(text, values)).rows;
      } catch (error) {
        if (error instanceof StoreUnavailable) connection.leave();
        throw error;
      } finally {
        client.release();
      }
    } catch (error) {
      throw explained(error, server);
    }
  };
}
