import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalHash } from '../../../src/hash/canonical-hash.ts';
import { diagnoseAtTerminal } from '../../../src/workflow/break-glass.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';

test('a diagnosis is on record and covered by the audit chain', async (t) => {
  const record = await openRecord(t);
  const context = record.context();
  const [host = assert.fail()] = context.settings.hosts.values();
  const { incident, diagnosis } = await diagnoseAtTerminal(context, host, { kind: 'terminal', user: 'root' });
  assert.deepEqual(
    diagnosis?.findings.map(({ id }) => id),
    ['host-unreachable'],
  );
  const { diagnoses, entries } = (await record.opened.auditTrail.incidentRecord(incident.id)) ?? assert.fail();
  assert.deepEqual(diagnoses, [diagnosis]);
  const entry = entries.find(({ act }) => act === 'diagnosed');
  assert.equal(entry?.outcome['digest'], canonicalHash(diagnosis));
  assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
});
