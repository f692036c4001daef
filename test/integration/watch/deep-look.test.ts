import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import { diagnoseIncident } from '../../../src/workflow/incident/diagnose-incident.ts';
import { beginMute } from '../../../src/workflow/incident/mutes.ts';
import type { RemoteHost } from '../../../src/workflow/ports/host.ts';
import type { RecordStore } from '../../../src/workflow/ports/record.ts';
import { lookAtFleetUntil } from '../../../src/workflow/watch/look-at-fleet.ts';
import { lookDeeperUntil } from '../../../src/workflow/watch/look-deeper.ts';
import { LookTurns } from '../../../src/workflow/watch/look-turns.ts';
import { CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { remoteHostFor, sshdFor } from '../../ssh/remote-host-fixture.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { SimulatedClock } from '../../support/bots/simulated-clock.ts';
import { type RegistryHost, startRegistryHost } from '../../support/hosts/registry-host.ts';
import { skipUnless } from '../../support/requirements.ts';
import { freePort } from '../../support/services/free-port.ts';
import { NO_HTTP } from '../../support/services/no-http.ts';

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
  let meanwhile = async () => {};
  const patient: RemoteHost = {
    run: async (...run) => {
      const outcome = await clock.working(remote.run(...run));
      await meanwhile();
      return outcome;
    },
  };
  const context = record.context({ store, clock, remote: patient });
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 60 };
  const looking = { host, watch, http: NO_HTTP, turns: new LookTurns(clock), place: 0.5, random: () => 0 };
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
  const duringDiagnosis = (act: () => Promise<unknown>) => {
    meanwhile = async () => {
      meanwhile = async () => {};
      await act();
    };
  };
  return { registry, record, clock, store, opened, duringDiagnosis };
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

  test('is noted while its host is muted, until a deeper look finds it healthy', async (t) => {
    const { registry, record, clock, store, opened } = await sceneOf(t);
    const source = { kind: 'window', every: 'day 00:00', zone: 'UTC' } as const;
    const host = HostName.parse('git01');
    await store.transact((tx) => beginMute(tx, { host, source, until: null }, clock.now()));
    chmodSync(registry.bytes('registry'), 0o550);
    await clock.pass(2 * HOUR_MS);
    assert.equal(opened.length, 0);
    const noted = await store.transact((tx) => tx.untoldFaults(host));
    assert.deepEqual(
      noted.map(({ kind, overAt }) => [kind, overAt]),
      [['deep-look', null]],
    );
    chmodSync(registry.bytes('registry'), 0o770);
    await clock.pass(HOUR_MS + 1);
    const acts = (await record.opened.auditTrail.list({})).map(({ act }) => act);
    assert.deepEqual(acts, ['muted', 'fault-muted', 'muted-fault-over']);
  });

  test('is left to the person who began to work on it during the deeper look', async (t) => {
    const { registry, record, clock, store, opened, duringDiagnosis } = await sceneOf(t);
    chmodSync(registry.bytes('registry'), 0o550);
    duringDiagnosis(() => record.propose());
    await clock.pass(HOUR_MS);
    assert.equal(opened.length, 0, 'someone requested a diagnosis meanwhile, and has a plan');
    chmodSync(registry.bytes('registry'), 0o770);
    duringDiagnosis(() => record.propose());
    await clock.pass(HOUR_MS + 1);
    const open = await store.transact((tx) => tx.incidentsIn(['open']));
    assert.equal(open.length, 2, 'what was opened meanwhile is not resolved');
    await clock.pass(HOUR_MS + 1);
    assert.deepEqual(await store.transact((tx) => tx.incidentsIn(['open'])), []);
  });
});

describe('a nightly look', { skip }, () => {
  test('tells what changed since the last one, what is broken and which host is not reached', async (t) => {
    const registry = await startRegistryHost({ closed: [] });
    t.after(() => registry.stop());
    await registry.waitUntilWell();
    const server = await sshdFor(t);
    const remote = remoteHostFor(t, server.knownHostsFile);
    const near = server.hostSettings('git01', { registry: registry.registrySettings() });
    const away = { ...near, name: HostName.parse('git02'), ssh: { ...near.ssh, port: await freePort() } };
    const record = await openRecord(t);
    const clock = new SimulatedClock(new Date('2026-11-28T20:00:00Z'));
    const store: RecordStore = { transact: (work) => clock.working(record.opened.store.transact(work)) };
    const patient: RemoteHost = { run: (...run) => clock.working(remote.run(...run)) };
    const settings = {
      hosts: new Map([near, away].map((host) => [host.name, host])),
      defaultPolicy: policyWith(),
      incidentChannel: CHANNEL,
      fleetLook: { hour: 3, minute: 0, zone: 'UTC' },
      quiet: quietWith(),
    };
    const stop = new AbortController();
    const context = record.context({ store, clock, remote: patient, settings });
    const pause = (ms: number) => clock.sleep(ms, stop.signal);
    const looks = lookAtFleetUntil(stop.signal, context, { http: NO_HTTP, turns: new LookTurns(clock), pause });
    t.after(async () => {
      stop.abort();
      await clock.pass(HOUR_MS);
      await looks;
    });
    const told = async () => {
      const [message, ...more] = await record.opened.outbox.pending(10, clock.now());
      assert.ok(message?.body.kind === 'fleet-look');
      assert.deepEqual(more, []);
      await record.opened.outbox.markDelivered(message.key, message.version, `${message.version}.1`);
      return message.body;
    };

    await clock.pass(8 * HOUR_MS);
    const first = await told();
    assert.deepEqual([first.hosts, first.broken.lines, first.drift.lines], [2, [], []]);
    assert.deepEqual(
      first.notChecked.lines.map(({ host, finding }) => [host, finding?.id]),
      [['git02', 'host-unreachable']],
    );

    chmodSync(registry.bytes('registry'), 0o550);
    await clock.pass(24 * HOUR_MS);
    const second = await told();
    const path = registry.path('registry');
    assert.deepEqual(
      second.broken.lines.map(({ host, finding }) => [host, finding.id, finding.path]),
      [['git01', 'storage-root-unusable', path]],
    );
    assert.deepEqual(second.drift.lines, [{ host: 'git01', drift: { what: 'mode', path, from: '0770', to: '0550' } }]);
    assert.equal((await fetch(`${registry.url}/v2/`)).status, 200);
    const incidents = await store.transact((tx) => tx.incidentsIn(['diagnosing', 'open']));
    assert.deepEqual(incidents, [], 'it opens nothing');
  });
});
