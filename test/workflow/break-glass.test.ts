import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sha256 } from '../../src/model/ids.ts';
import { breakGlass } from '../../src/workflow/break-glass.ts';
import { openRecord } from '../attacks/proposed-plan.ts';

/** The last step before a plan runs without Slack: which plan, and what of the key is kept. */

const KEY = {
  by: { kind: 'terminal', user: 'root', breakGlass: { principal: 'ann', fingerprint: 'SHA256:x' } },
  reason: 'Slack is down',
  signature: 'over the plan, to break the glass',
  approval: null,
} as const;

test('the signature that breaks the glass is in the chained record', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  assert.equal(await breakGlass(record.surroundings(), plan, KEY), null);
  const entries = await record.opened.auditTrail.list({ incidentId: plan.incidentId });
  const approved = entries.find(({ act }) => act === 'plan-approved');
  assert.equal(approved?.outcome['breakGlassSignature'], KEY.signature);
});

test('a key that was shown one plan does not run another', async (t) => {
  const record = await openRecord(t);
  const plan = await record.propose();
  const shown = { ...plan, hash: Sha256.parse(`sha256:${'a'.repeat(64)}`) };
  assert.deepEqual(await breakGlass(record.surroundings(), shown, KEY), {
    kind: 'record-failed',
    why: 'the stored plan is not the one that was shown and signed',
  });
  assert.equal(await record.stateOf(plan), 'proposed');
});
