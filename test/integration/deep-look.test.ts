import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import type { Incident } from '../../src/model/record/incident.ts';
import { diagnoseIncident } from '../../src/workflow/incident/diagnose-incident.ts';
import { lookDeeperUntil } from '../../src/workflow/incident/look-deeper.ts';
import { LookTurns } from '../../src/workflow/incident/look-turns.ts';
import type { RecordStore, RemoteHost } from '../../src/workflow/ports.ts';
import { openRecord } from '../attacks/proposed-plan.ts';
import { remoteHostFor, sshdFor } from '../ssh/remote-host-fixture.ts';
import { type RegistryHost, startRegistryHost } from '../support/registry-host.ts';
import { skipUnless } from '../support/requirements.ts';
import { SimulatedClock } from '../support/simulated-clock.ts';

/** Health is green, and the registry can't use its storage: seen over a real sshd, with hours passing at once. */

const skip = skipUnless('linux', 'root', 'sshd', 'docker-registry', 'setpriv', 'curl');
const HOUR_MS = 60 * 60_000;

async function healthStatus(registry: RegistryHost): Promise<readonly number[]> {
  const answers = await Promise.all([fetch(`${registry.url}/v2/`), fetch(`${registry.debugUrl}/debug/health`)]);
  return answers.map(({ status }) => status);
}

/** Deeper looks at a real registry whose storage is closed to writes, in simulated time. */
async function sceneOf(t: TestContext) {
  const registry = await startRegistryHost({ closed: [] });
  t.after(() => registry.stop());
  await registry.waitUntilWell();
  const server = await sshdFor(t);
  const remote = remoteHostFor(t, server.knownHostsFile);
  const host = server.hostSettings('git01', { registry: registry.registrySettings() });
  const record = await openRecord(t, host);
  const clock = new SimulatedClock(new Date());
  const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
  const patient: RemoteHost = { run: (...run) => clock.working(remote.run(...run)) };
  const context = record.context({ store, clock, remote: patient });
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 60 };
  const looking = { host, watch, turns: new LookTurns(clock), place: 0.5, random: () => 0 };
  const stop = new AbortController();
  const opened: Incident[] = [];
  const diagnosed: Promise<void>[] = [];
  const looks = lookDeeperUntil(stop.signal, context, looking, (incident) => {
    opened.push(incident);
    diagnosed.push(diagnoseIncident(context, incident, incident.openedBy));
  });
  t.after(async () => {
    stop.abort();
    await clock.pass(HOUR_MS);
    await Promise.all([looks, ...diagnosed]);
  });
  return { registry, record, clock, store, opened };
}

describe('a registry that answers as healthy and can’t write', { skip }, () => {
  test('gets an incident with the right directory and a plan, and a later deeper look resolves it', async (t) => {
    const { registry, record, clock, store, opened } = await sceneOf(t);
    await clock.pass(HOUR_MS);
    assert.equal(opened.length, 0, 'nothing is broken yet');
    chmodSync(registry.bytes('registry'), 0o550);
    await clock.pass(HOUR_MS);
    assert.deepEqual(await healthStatus(registry), [200, 200], 'it says that it is healthy');
    assert.equal(opened.length, 1);
    const incident = opened[0] ?? assert.fail();
    assert.deepEqual(incident.openedBy, { kind: 'bot', part: 'deep-look' });
    const kept = await record.opened.auditTrail.incidentRecord(incident.id);
    const diagnosis = kept?.diagnoses.at(-1);
    assert.deepEqual(
      [diagnosis?.verdict, diagnosis?.findings[0]?.id, diagnosis?.findings[0]?.path],
      ['faulty', 'storage-root-unusable', registry.path('registry')],
    );
    assert.deepEqual(
      kept?.plans.map(({ plan }) => plan.steps.map(({ path }) => path)),
      [[registry.path('registry')]],
    );

    await clock.pass(3 * HOUR_MS);
    assert.equal(opened.length, 1, 'a fault has one incident');
    chmodSync(registry.bytes('registry'), 0o770);
    await clock.pass(HOUR_MS + 1);
    const resolved = await store.transact((tx) => tx.incident(incident.id));
    assert.equal(resolved?.state, 'resolved');
    assert.equal((await record.opened.auditTrail.verify()).kind, 'intact');
  });
});
