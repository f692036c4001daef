/** Moves one incident to and fro, each time with an audit entry and an edited message; says each entry once it is durable. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openRecord } from '../../../src/store/open-record.ts';
import { auditDraft, newIncident, openingOf, standingClock, statusMessage } from '../samples.ts';

const [url = ''] = process.argv.slice(2);

console.log('opening');
const { store, outbox } = await openRecord({ url, passwordFile: null }, { clock: standingClock() });
const incident = await store.transact(async (tx) => {
  const fresh = await tx.insertIncident(newIncident());
  if (fresh !== null) await tx.appendAudit(openingOf(fresh));
  const opened = fresh ?? (await tx.incidentByRequest('request-1'));
  if (opened === null) throw new Error('no incident');
  await tx.putMessage(statusMessage(opened, (await tx.auditEntries(opened.id)).length));
  return opened;
});
await outbox.markTrying(`status:${incident.id}`);

for (;;) {
  const sequence = await store.transact(async (tx) => {
    const current = await tx.incident(incident.id);
    const state = current?.state === 'open' ? 'diagnosing' : 'open';
    await tx.moveIncident(incident.id, ['open', 'diagnosing'], { state });
    await nextTurn();
    const entry = await tx.appendAudit({ ...auditDraft(incident.id), outcome: { state } });
    await nextTurn();
    await tx.putMessage(statusMessage(incident, entry.sequence));
    await nextTurn();
    return entry.sequence;
  });
  console.log(sequence);
}
