import type { DatabaseSync } from 'node:sqlite';
import { canonicalHash } from '../../src/hash/canonical-hash.ts';

/** Makes the chain again from `sequence` on, so that every hash is right again. */
export function rechain(database: DatabaseSync, sequence: number): void {
  const rows = database.prepare('SELECT * FROM audit_entries WHERE sequence >= ? ORDER BY sequence').all(sequence - 1);
  let previousHash = String(rows.shift()?.['hash']);
  for (const row of rows) {
    const hash: string = canonicalHash({
      sequence: row['sequence'],
      at: row['at'],
      incidentId: row['incident_id'],
      incidentEntry: row['incident_entry'],
      actor: JSON.parse(String(row['actor'])),
      act: row['act'],
      planId: row['plan_id'],
      planHash: row['plan_hash'],
      outcome: JSON.parse(String(row['outcome'])),
      previousHash,
    });
    const update = database.prepare('UPDATE audit_entries SET previous_hash = ?, hash = ? WHERE sequence = ?');
    update.run(previousHash, hash, Number(row['sequence']));
    previousHash = hash;
  }
}
