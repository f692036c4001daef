import type { OneConnection } from './one-connection.ts';
import { explained } from './problems.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Runs one statement. Rejects with StoreUnavailable if the server can't be asked. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** One statement after the other, each durable on its own. */
export function askingOver(connection: OneConnection, server: string): Ask {
  return async (text, values = []) => {
    try {
      const client = await connection.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        client.release();
      }
    } catch (error) {
      throw explained(error, server);
    }
  };
}
