import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHash } from '../../../src/hash/canonical-hash.ts';
import { verifyRecovery } from '../../../src/workflow/execution/verify-recovery.ts';
import type { RemoteHost } from '../../../src/workflow/ports.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';
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

test('the registry’s answer after a change is on record and covered by the audit chain', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const { store, auditTrail } = record.opened;
  await store.transact(async (tx) => {
    await tx.movePlan(plan.id, 'proposed', 'applied');
    await tx.moveIncident(plan.incidentId, ['open'], { state: 'executing' });
  });
  const context = record.context({ remote: HEALTHY });
  const [host = assert.fail()] = context.settings.hosts.values();
  await verifyRecovery(context, plan.incidentId, host, new AbortController().signal);
  const verification = await store.transact((tx) => tx.verification(plan.id));
  assert.equal(verification?.kind, 'well');
  const { verifications, entries } = (await auditTrail.incidentRecord(plan.incidentId)) ?? assert.fail();
  const entry = entries.find(({ act }) => act === 'verified');
  assert.deepEqual(verifications, [{ verification, at: entry?.at }]);
  assert.deepEqual([entry?.planId, entry?.outcome['digest']], [plan.id, canonicalHash(verification)]);
});
