/** Appends so many entries, one after the other, and says each once the store has confirmed it. */
import { writeSync } from 'node:fs';
import { openSqliteStore } from '../../../src/store/open-sqlite-store.ts';
import { openIncident, openingOf, standingClock } from '../samples.ts';

const [url = '', times] = process.argv.slice(2);
const { store, close } = await openSqliteStore(url, { clock: standingClock() });
const incident = await openIncident(store);
for (let left = Number(times); left > 0; left -= 1) {
  const { sequence } = await store.transact((tx) => tx.appendAudit(openingOf(incident)));
  writeSync(1, `${sequence}\n`);
}
await close();
