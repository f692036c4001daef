import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { suite, type TestContext, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { known } from '../../../src/model/fact.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { Alert } from '../../../src/model/record/alert.ts';
import type { IncidentId } from '../../../src/model/record/ids.ts';
import { receiveAlerts } from '../../../src/workflow/alerts/receive-alerts.ts';
import { takeUpAlerts } from '../../../src/workflow/alerts/take-up-alerts.ts';
import { breakGlass, diagnoseAtTerminal, recordRefusedKey } from '../../../src/workflow/break-glass.ts';
import { acknowledgeIncident } from '../../../src/workflow/incident/acknowledge-incident.ts';
import { postRecord } from '../../../src/workflow/incident/post-record.ts';
import { diagnoseAgain, requestDiagnosis } from '../../../src/workflow/incident/request-diagnosis.ts';
import { callPeopleDue } from '../../../src/workflow/plan/call-people.ts';
import { proposePlan } from '../../../src/workflow/plan/propose-plan.ts';
import { keepQuietUntil } from '../../../src/workflow/quiet/keep-mutes.ts';
import { requestMute, requestUnmute } from '../../../src/workflow/quiet/request-mute.ts';
import { dropDetails } from '../../../src/workflow/record/drop-details.ts';
import { erase } from '../../../src/workflow/record/erase.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { withdrawPlan } from '../../../src/workflow/review/withdraw-plan.ts';
import { ALICE, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { RecordServer } from '../../store/open-postgres.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';
import { skipUnless } from '../../support/requirements.ts';

/** One person, Alice Wright, is everywhere in a record: under her Slack id, two accounts at terminals and the name of her key. */

const AT_TERMINAL = { kind: 'terminal', user: 'awright' } as const;
const WITH_KEY = {
  kind: 'terminal',
  user: 'root',
  breakGlass: { principal: 'wright@key', fingerprint: 'SHA256:wr' },
} as const;
/** Under each of these `audit erase --person` is run. */
const HER_NAMES = [ALICE.user, AT_TERMINAL.user, WITH_KEY.breakGlass.principal, 'wright-refused'];
const HER_TEXTS = [
  'it is my own disk',
  'I move the disk',
  'I look at the disk',
  'over the plan, by her key',
  'her own signature',
  'SHA256:wr',
];
const ALERT_TEXTS = ['Alice Wright left the disk full', '?owner=alice', 'label-of-alice', 'fingerprint-of-alice'];
const BY = { by: { kind: 'terminal', user: 'ona' }, isOnlyAsked: false } as const;
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

const ALERT = Alert.parse({
  source: 'prometheus',
  fingerprint: 'fingerprint-of-alice',
  status: 'firing',
  summary: 'Alice Wright left the disk full',
  link: 'https://alerts.example.com/?owner=alice',
  labels: { owner: 'label-of-alice' },
  startsAt: new Date(Date.now() - HOUR_MS).toISOString(),
  hostLabel: 'git01',
});

const skip = skipUnless('postgres');
const postgres = new RecordServer();

/** A record, and everything that its database holds. */
type Kind = 'in a file' | 'on Postgres';

async function recordAndContent(t: TestContext, kind: Kind) {
  if (kind === 'on Postgres') {
    const place = await postgres.place();
    const server = await postgres.server;
    const rows = async (text: string) => JSON.stringify(await server.query(place.database, text));
    const content = () => rows("SELECT database_to_xml(true, false, '')::text AS content");
    return { record: await openRecord(t, hostSettings({}), place), content };
  }
  const record = await openRecord(t);
  const content = async () => {
    const database = new DatabaseSync(record.file);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    // Also what pages hold that are free.
    return readFileSync(record.file, 'latin1');
  };
  return { record, content };
}

async function scene(t: TestContext, kind: Kind) {
  const { record, content } = await recordAndContent(t, kind);
  const { store, auditTrail, outbox } = record.opened;
  let now = Date.now();
  const people = { users: [ALICE.user], groups: [] };
  const policy = policyWith({
    approvers: people,
    allowSelfApproval: true,
    approvalTtlMinutes: 15,
    remindMinutes: 5,
    escalateTo: people,
    escalateAfterMinutes: 5,
  });
  const host = { ...hostSettings({}), policy };
  const { settings } = record.context();
  const context = record.context({
    canPostFiles: true,
    settings: { ...settings, hosts: new Map([[host.name, host]]), defaultPolicy: policy },
  });
  const click = { by: ALICE, channel: CHANNEL };
  const world = {
    ...{ record, content, context, store, auditTrail, host, click },
    pass: (ms: number) => {
      now += ms;
      record.setNow(new Date(now));
    },
    now: () => new Date(now),
    close: (id: IncidentId) =>
      store.transact((tx) =>
        tx.moveIncident(id, ['diagnosing', 'open', 'executing'], {
          state: 'closed',
          closedAt: new Date(now).toISOString(),
        }),
      ),
    takeUp: async (...alerts: Alert[]) => {
      await receiveAlerts(context, { alerts, leftOut: { group: 'group-of-alice', count: 1 } });
      const opened: IncidentId[] = [];
      await takeUpAlerts(context, ({ id }) => void opened.push(id));
      return opened;
    },
    endMutes: async (): Promise<IncidentId[]> => {
      const stop = new AbortController();
      const opened: IncidentId[] = [];
      const pause = async () => stop.abort();
      await keepQuietUntil(stop.signal, context, { pause, silencedBy: [] }, ({ id }) => void opened.push(id));
      return opened;
    },
    deliverAll: async () => {
      for (let n = 1; n < 100; n += 1) {
        for (const { key, version } of await outbox.pending(10, new Date(now)))
          await outbox.markDelivered(key, version, `${n}.1`);
      }
    },
    assertIntact: async () => {
      const check = await auditTrail.verify();
      assert.equal(check.kind, 'intact', JSON.stringify(check));
    },
  };
  record.setNow(new Date(now));
  return world;
}

type World = Awaited<ReturnType<typeof scene>>;
const onCard = ({ id, hash }: Plan) => ({ planIdText: id, planHash: hash });

/** Every act of a person in Slack. */
async function actInSlack(world: World): Promise<void> {
  const { record, context, store, host, click } = world;
  const asked = await requestDiagnosis(context, { ...click, hostText: 'git01', requestKey: 'slack:T1:1' });
  const { id } = 'incident' in asked ? asked.incident : assert.fail(asked.kind);
  await store.transact((tx) => tx.moveIncident(id, ['diagnosing'], { state: 'open' }));
  const again = { ...click, incidentIdText: `${id}`, requestKey: 'slack:T1:2' };
  assert.equal((await diagnoseAgain(context, again)).kind, 'diagnose');
  await store.transact((tx) => tx.moveIncident(id, ['diagnosing'], { state: 'open' }));
  assert.equal((await acknowledgeIncident(context, again)).kind, 'accepted');
  await postRecord(context, again);
  await world.close(id);
  const rejected = await record.propose();
  const rejection = { ...click, ...onCard(rejected), verdict: 'rejected', reason: 'it is my own disk' } as const;
  assert.equal((await decidePlan(context, rejection)).outcome.kind, 'accepted');
  await world.close(rejected.incidentId);
  const withdrawn = await record.propose();
  world.pass(11 * 60 * 1000);
  await store.transact((tx) => callPeopleDue(tx, context.settings, world.now()));
  assert.equal((await withdrawPlan(context, { ...click, ...onCard(withdrawn) })).kind, 'accepted');
  await world.close(withdrawn.incidentId);
  const approved = await record.propose();
  const approval = { ...click, ...onCard(approved), verdict: 'approved' } as const;
  assert.equal((await decidePlan(context, approval)).outcome.kind, 'accepted');
  const draft = judgeFacts({ ...incidentFacts(), uptimeSeconds: known(3_600) }).plan ?? assert.fail();
  await store.transact((tx) =>
    proposePlan(tx, {
      ...{ incidentId: approved.incidentId, host, draft, now: world.now() },
      askedBy: { kind: 'slack-user', ...ALICE },
      undoes: { id: approved.id, hash: approved.hash },
    }),
  );
  await world.close(approved.incidentId);
  const mute = { ...click, hostText: 'git01', lengthText: '2h' };
  await requestMute(context, { ...mute, reason: 'I move the disk', requestKey: 'slack:1' });
  await requestUnmute(context, { ...mute, by: CAROL, requestKey: 'slack:2' });
  await requestMute(context, { ...mute, reason: 'I look at the disk', requestKey: 'slack:3' });
  world.pass(3 * HOUR_MS);
  assert.deepEqual(await world.endMutes(), []);
}

/** A fix at the terminal, and one whose key is refused. */
async function actAtTerminal(world: World): Promise<void> {
  const { record, context, store, host } = world;
  const opened = await diagnoseAtTerminal(context, host, AT_TERMINAL);
  await store.transact((tx) => tx.moveIncident(opened.incident.id, ['diagnosing', 'closed'], { state: 'open' }));
  const joined = await diagnoseAtTerminal(context, host, AT_TERMINAL);
  assert.equal(joined.incident.id, opened.incident.id);
  await world.close(opened.incident.id);
  const plan = await record.propose();
  const why = { code: 'not-of-signer', principal: 'wright-refused' } as const;
  await recordRefusedKey(context, plan, { kind: 'terminal', user: 'root' }, why);
  const broken = {
    by: WITH_KEY,
    reason: 'it is my own disk',
    signature: 'over the plan, by her key',
    approval: 'her own signature',
  };
  assert.equal(await breakGlass(context, plan, broken), null);
  await world.close(plan.incidentId);
}

/** Incidents that alerts opened, one of them after a mute. */
async function alertsOnRecord(world: World): Promise<readonly IncidentId[]> {
  const { context } = world;
  const opened = await world.takeUp(ALERT);
  await world.takeUp(Alert.parse({ ...ALERT, fingerprint: 'fingerprint-of-alice-2' }));
  for (const id of opened) await world.close(id);
  const mute = { by: CAROL, channel: CHANNEL, hostText: 'git01', lengthText: '2h', reason: null };
  await requestMute(context, { ...mute, requestKey: 'slack:4' });
  assert.deepEqual(await world.takeUp(Alert.parse({ ...ALERT, fingerprint: 'fingerprint-of-alice-3' })), []);
  world.pass(3 * HOUR_MS);
  const afterMute = await world.endMutes();
  for (const id of afterMute) await world.close(id);
  assert.deepEqual([opened.length, afterMute.length], [1, 1]);
  return [...opened, ...afterMute];
}

for (const kind of ['in a file', 'on Postgres'] as const) {
  suite(`a record ${kind}`, { skip: kind === 'on Postgres' && skip }, () => {
    test('a person who did everything that a person can do is in nothing that the record holds after audit erase --person', async (t) => {
      const world = await scene(t, kind);
      await actInSlack(world);
      await actAtTerminal(world);
      await world.deliverAll();
      const before = await world.content();
      for (const trace of [...HER_NAMES, ...HER_TEXTS]) assert.ok(before.includes(trace), `no ${trace} to erase`);
      const acts = new Set((await world.auditTrail.list({})).map(({ act }) => act));
      for (const person of HER_NAMES) {
        const erased = await erase(world.context, { kind: 'person', person }, BY);
        assert.equal(erased.kind, 'erased', `${person}: ${JSON.stringify(erased)}`);
      }
      const rest = await world.content();
      for (const trace of [...HER_NAMES, ...HER_TEXTS]) assert.ok(!rest.includes(trace), trace);
      await world.assertIntact();
      for (const act of [
        ...['incident-opened', 'diagnosis-requested', 'incident-acknowledged', 'record-exported', 'plan-rejected'],
        ...['plan-withdrawn', 'approvers-reminded', 'plan-escalated', 'plan-approved', 'muted', 'unmuted'],
        ...['break-glass-refused', 'plan-superseded'],
      ] as const)
        assert.ok(acts.has(act), `${act} was not tried`);
    });

    test('the alert of an incident is in nothing that the record holds after audit erase --incident, nor after its time', async (t) => {
      for (const way of ['erased', 'dropped'] as const) {
        const world = await scene(t, kind);
        const incidents = await alertsOnRecord(world);
        // An alert that fits no host is in no incident: only its age removes it.
        if (way === 'dropped')
          await world.takeUp(Alert.parse({ ...ALERT, hostLabel: 'nowhere', status: 'firing', startsAt: null }));
        await world.deliverAll();
        const before = await world.content();
        for (const trace of ALERT_TEXTS) assert.ok(before.includes(trace), `no ${trace} to erase`);
        const openings = async () =>
          (await world.auditTrail.list({}))
            .filter(({ act }) => act === 'incident-opened')
            .map(({ outcome }) => outcome);
        const { source, summary, link } = ALERT;
        for (const { alert } of await openings()) assert.deepEqual(alert, { source, summary, link });
        if (way === 'dropped') {
          world.pass(40 * DAY_MS);
          assert.ok(await dropDetails(world.context, 30));
          assert.ok(!(await dropDetails(world.context, 30)));
        } else {
          for (const id of incidents) {
            const wanted = { kind: 'incident', id } as const;
            assert.equal((await erase(world.context, wanted, BY)).kind, 'erased');
            assert.equal((await erase(world.context, wanted, BY)).kind, 'nothing-found');
          }
        }
        const rest = await world.content();
        for (const trace of [...ALERT_TEXTS, 'group-of-alice']) assert.ok(!rest.includes(trace), `${way}: ${trace}`);
        for (const { alert } of await openings()) assert.deepEqual(Object.keys(Object(alert)), ['digest']);
        await world.assertIntact();
      }
    });

    test('an alert that two incidents share is erased with the last of them', async (t) => {
      const world = await scene(t, kind);
      const [first = assert.fail()] = await world.takeUp(ALERT);
      await world.close(first);
      const { incidentId: second } = await world.record.propose();
      await world.store.transact((tx) => tx.joinAlert(1, second));
      await world.close(second);
      await world.deliverAll();
      const [, text = ''] = ALERT_TEXTS;
      for (const [id, isLeft] of [
        [first, true],
        [second, false],
      ] as const) {
        assert.equal((await erase(world.context, { kind: 'incident', id }, BY)).kind, 'erased');
        assert.equal((await world.content()).includes(text), isLeft);
      }
      await world.assertIntact();
    });

    test('an alert that a mute still has to tell of is erased when the command runs again after the mute', async (t) => {
      const world = await scene(t, kind);
      const [id = assert.fail()] = await world.takeUp(ALERT);
      const { host, beganAt } = { host: world.host.name, beganAt: world.now().toISOString() };
      await world.store.transact((tx) => tx.noteMutedFault({ host, kind: 'alert', alertId: 1, beganAt }));
      await world.close(id);
      await world.deliverAll();
      assert.equal((await erase(world.context, { kind: 'incident', id }, BY)).kind, 'erased');
      assert.ok((await world.content()).includes(ALERT.summary));
      await world.store.transact((tx) => tx.markFaultsTold(host, world.now()));
      assert.equal((await erase(world.context, { kind: 'incident', id }, BY)).kind, 'erased');
      assert.ok(!(await world.content()).includes(ALERT.summary));
      await world.assertIntact();
    });

    test('an incident of which only alerts are left is not called empty', async (t) => {
      const world = await scene(t, kind);
      const { incidentId: id } = await world.record.propose();
      await world.close(id);
      await world.deliverAll();
      await erase(world.context, { kind: 'incident', id }, BY);
      await receiveAlerts(world.context, { alerts: [ALERT], leftOut: null });
      await world.store.transact((tx) => tx.joinAlert(1, id));
      await world.store.transact((tx) => tx.takeUpAlert(1));
      assert.equal((await erase(world.context, { kind: 'incident', id }, BY)).kind, 'erased');
      assert.ok(!(await world.content()).includes(ALERT.summary));
      await world.assertIntact();
    });
  });
}
