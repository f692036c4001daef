/** Appends entries until the store refuses one, tries once more, and says how many were confirmed. */
import { openRecord } from '../../../src/store/open-record.ts';
import { openIncident, openingOf, standingClock } from '../samples.ts';

const [url = ''] = process.argv.slice(2);
const { store } = await openRecord({ url, passwordFile: null }, { clock: standingClock() });
const incident = await openIncident(store);
const draft = { ...openingOf(incident), outcome: { host: incident.host, padding: 'x'.repeat(10_000) } };
let confirmed = 0;
try {
  for (;;) {
    await store.transact((tx) => tx.appendAudit(draft));
    confirmed += 1;
  }
} catch {
  await store
    .transact((tx) => tx.appendAudit(draft))
    .then(
      () => console.log('accepted after a refusal'),
      () => console.log(confirmed),
    );
}
