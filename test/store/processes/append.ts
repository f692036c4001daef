/** Opens one store on each "go", which it may have to create, and appends an entry a transaction to it; then says "done". */
import { createInterface } from 'node:readline';
import { openRecord } from '../../../src/store/open-record.ts';
import { openIncident, openingOf, standingClock } from '../samples.ts';

const [times, ...urls] = process.argv.slice(2);
console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  const { store, close } = await openRecord(
    { url: urls.shift() ?? '', passwordFile: null },
    { clock: standingClock() },
  );
  const incident = await openIncident(store);
  const append = () => store.transact((tx) => tx.appendAudit(openingOf(incident)));
  await Promise.all(Array.from({ length: Number(times) }, append));
  await close();
  console.log('done');
  if (urls.length === 0) process.exit();
}
