import { suite } from 'node:test';
import { openSqlite } from '../open-store.ts';
import { outboxContract } from '../outbox-contract.ts';
import { recordStoreContract } from '../record-store-contract.ts';

// A further database is one more entry here: the contracts know nothing of SQLite.
for (const [dialect, open] of Object.entries({ sqlite: openSqlite })) {
  suite(`record store on ${dialect}`, () => recordStoreContract(open));
  suite(`outbox on ${dialect}`, () => outboxContract(open));
}
