import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHash } from '../../../src/hash/canonical-hash.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { ClosingNumbers } from '../../../src/model/record/closing-numbers.ts';
import { verifyRecovery } from '../../../src/workflow/execution/verify-recovery.ts';
import { noteHealth } from '../../../src/workflow/incident/flapping.ts';
import { noticeFault } from '../../../src/workflow/incident/notice-fault.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import { type AttackedRecord, openRecord } from '../../attacks/proposed-plan.ts';
import { framed } from '../../host/frame-output.ts';
import { exited } from '../exited.ts';

const V2 = 'http://127.0.0.1:5000/v2/';

/** A host whose registry answers 200. */
const HEALTHY: RemoteHost = {
  run: async (_, script) => {
    const nonce = /nonce ([0-9a-f]+)/.exec(script)?.[1] ?? '';
    const sections = `${nonce} v2\nHTTP/1.0 200 X\r\n\r\n{}\nbash 0\n${nonce} health\n`;
    const records = [
      ['v2=known', V2],
      ['health=absent', ''],
      ['sections', sections],
    ] as const;
    return exited(0, '', framed('ask', nonce, records).toString('latin1'));
  },
};

/** As after an execution that ended, on a host whose registry answers 200. */
async function verifyApplied(record: AttackedRecord, { id, incidentId }: Plan): Promise<void> {
  await record.opened.store.transact(async (tx) => {
    await tx.movePlan(id, 'proposed', 'applied');
    await tx.moveIncident(incidentId, ['open'], { state: 'executing' });
  });
  const context = record.context({ remote: HEALTHY });
  const [host = assert.fail()] = context.settings.hosts.values();
  await verifyRecovery(context, incidentId, host, new AbortController().signal);
}

test('the registry’s answer after a change is on record and covered by the audit chain', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const { store, auditTrail } = record.opened;
  await verifyApplied(record, plan);
  const verification = await store.transact((tx) => tx.verification(plan.id));
  assert.equal(verification?.kind, 'well');
  const { verifications, entries } = (await auditTrail.incidentRecord(plan.incidentId)) ?? assert.fail();
  const entry = entries.find(({ act }) => act === 'verified');
  assert.deepEqual(verifications, [{ verification, at: entry?.at }]);
  assert.deepEqual([entry?.planId, entry?.outcome['digest']], [plan.id, canonicalHash(verification)]);
  const { countedFrom, recoveredAfterMs } = ClosingNumbers.parse(entry?.outcome['numbers']);
  assert.deepEqual(
    [countedFrom, recoveredAfterMs],
    [entries[0]?.at, Date.parse(entry?.at ?? '') - Date.parse(entries[0]?.at ?? '')],
  );
});

test('a fix that works ends the flapping, and a fault that returns after it is told as any other', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const { host, incidentId } = plan;
  const { store } = record.opened;
  const context = record.context();
  const now = context.clock.now();
  await store.transact(async (tx) => {
    const incident = (await tx.incident(incidentId)) ?? assert.fail();
    for (const health of ['bad', 'good', 'bad', 'good', 'bad'] as const)
      await noteHealth(tx, incident, { health, now });
  });
  const status = async () => {
    const body = (await store.transact((tx) => tx.message(`status:${incidentId}`)))?.body;
    return body?.kind === 'status' ? body : assert.fail();
  };
  const health = () => store.transact((tx) => tx.health(host));
  assert.equal((await status()).flapping?.changes, 5);
  await verifyApplied(record, plan);
  assert.deepEqual(await health(), { health: 'good', changes: [], alertedAt: null, flappingSince: null });
  assert.equal((await status()).flapping, null);
  const fault = { host, by: { kind: 'bot', part: 'watch' }, requestKey: 'again' } as const;
  const { kind } = await store.transact((tx) => noticeFault(tx, context, fault));
  assert.deepEqual([kind, (await status()).flapping], ['reopened', null]);
  assert.partialDeepStrictEqual(await health(), { health: 'bad', flappingSince: null });
});
