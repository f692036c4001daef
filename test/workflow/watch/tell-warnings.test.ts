import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { HostLook } from '../../../src/incident/watch/fleet-report.ts';
import { HostPath } from '../../../src/model/host/host-path.ts';
import { HostName } from '../../../src/model/record/ids.ts';
import { tellWarnings } from '../../../src/workflow/watch/tell-warnings.ts';
import { openRecord } from '../../attacks/proposed-plan.ts';

const NOW = new Date('2026-11-29T10:00:00Z');
const DAY_MS = 24 * 60 * 60_000;
const PATH = HostPath.parse('/srv/registry');

const HEALTHY: HostLook = {
  host: HostName.parse('git01'),
  diagnosis: { verdict: 'healthy', findings: [], durability: null },
  drift: [],
  certificates: [],
};
const ALMOST_FULL: HostLook = {
  ...HEALTHY,
  diagnosis: {
    ...{ verdict: 'healthy', durability: null },
    findings: [
      {
        ...{ id: 'filesystem-full', severity: 'warning', proof: 'evaluated' },
        ...{ path: PATH, mountPoint: PATH, of: 'bytes', available: 2e6, total: 1e9 },
      },
    ],
  },
};
const endsIn = (days: number): HostLook => ({
  ...ALMOST_FULL,
  certificates: [{ what: 'tls', endsAt: new Date(NOW.getTime() + days * DAY_MS).toISOString() }],
});

/** Looks one after the other, and how many posts each of them made. */
async function postsOf(t: TestContext, looks: readonly (HostLook | 'restart')[], fleetLook: 'on' | 'off' = 'off') {
  const record = await openRecord(t);
  record.setNow(NOW);
  const { settings, ...rest } = record.context();
  const nightly = { hour: 3, minute: 0, zone: 'UTC' };
  const context = { ...rest, settings: { ...settings, fleetLook: fleetLook === 'on' ? nightly : null } };
  const { store, outbox } = record.opened;
  const count = async () => (await outbox.backlog()).messages;
  let told: ReadonlySet<string> = new Set();
  const posts: number[] = [];
  for (const look of looks) {
    const before = await count();
    told = look === 'restart' ? new Set() : await store.transact((tx) => tellWarnings(tx, context, look, told));
    posts.push((await count()) - before);
  }
  return posts;
}

test('a warning of a healthy host is told once for as long as it lasts, and again if it comes back after that', async (t) => {
  assert.deepEqual(await postsOf(t, [HEALTHY, ALMOST_FULL, ALMOST_FULL, endsIn(3), endsIn(3)]), [0, 1, 0, 1, 0]);
});

test('a certificate is told fourteen days before its end, not earlier', async (t) => {
  assert.deepEqual(await postsOf(t, [ALMOST_FULL, endsIn(20), endsIn(13)]), [1, 0, 1]);
});

test('a restart tells the same warnings of a host no second time on the same day', async (t) => {
  assert.deepEqual(await postsOf(t, [ALMOST_FULL, 'restart', ALMOST_FULL]), [1, 0, 0]);
});

test('with the nightly look on, a deeper look tells no warnings: that look does', async (t) => {
  assert.deepEqual(await postsOf(t, [endsIn(3)], 'on'), [0]);
});

test('a host of which the diagnosis proves nothing is not called healthy, and what was told of it stays told', async (t) => {
  const { diagnosis } = ALMOST_FULL;
  assert.ok(diagnosis);
  const unclear: HostLook = { ...endsIn(3), diagnosis: { ...diagnosis, verdict: 'inconclusive' } };
  assert.deepEqual(await postsOf(t, [unclear, endsIn(3), unclear, endsIn(3)]), [0, 1, 0, 0]);
});

test('a broken host has no warnings beside its fault', async (t) => {
  const { diagnosis } = ALMOST_FULL;
  assert.ok(diagnosis);
  assert.deepEqual(await postsOf(t, [{ ...ALMOST_FULL, diagnosis: { ...diagnosis, verdict: 'faulty' } }]), [0]);
});
