import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { judgeFacts } from '../../../src/diagnosis/judge-facts.ts';
import { Alert } from '../../../src/model/record/alert.ts';
import { ChannelId, GroupId, type IncidentId } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { receiveAlerts } from '../../../src/workflow/alerts/receive-alerts.ts';
import { takeUpAlerts } from '../../../src/workflow/alerts/take-up-alerts.ts';
import { diagnoseIncident } from '../../../src/workflow/incident/diagnose-incident.ts';
import { resolveOpenIncidents } from '../../../src/workflow/incident/resolve-incidents.ts';
import type { PendingMessage } from '../../../src/workflow/ports/messages.ts';
import { CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { putDiagnosis } from '../../store/samples.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';
import { roundsOf } from '../../support/campaign.ts';
import { incidentFacts } from '../../support/facts/incident-facts.ts';

/** Alerts over the real store, with a clock of the test's own. */

const START = Date.UTC(2026, 10, 29, 14, 2, 0);
const at = (second: number) => new Date(START + second * 1000);
const FAULTY = { ...judgeFacts(incidentFacts()), durationMs: 1 };

function alertOf(change: Partial<Record<keyof Alert, unknown>> = {}): Alert {
  return Alert.parse({
    source: 'prometheus',
    fingerprint: 'f1',
    status: 'firing',
    summary: 'Registry down',
    link: null,
    labels: { instance: 'git01' },
    startsAt: at(-60).toISOString(),
    hostLabel: 'git01',
    ...change,
  });
}

const stray = (fingerprint: string) => alertOf({ fingerprint, hostLabel: 'nowhere', labels: { instance: 'nowhere' } });

async function scene(t: TestContext, change: Partial<Policy> = {}) {
  const record = await openRecord(t);
  record.setNow(at(0));
  const context = record.context(settingsWith(change));
  const { store } = context;
  const opened: Incident[] = [];
  return {
    ...{ record, context, store, opened },
    receive: (...alerts: Alert[]) => receiveAlerts(context, { alerts, leftOut: null }),
    takeUp: () => takeUpAlerts(context, (incident) => void opened.push(incident)),
    incidents: () => store.transact((tx) => tx.incidentsIn(['diagnosing', 'open', 'executing', 'resolved', 'closed'])),
    /** Ends the diagnosis of the incident with a fault. */
    findFault: ({ id }: Incident) =>
      store.transact(async (tx) => {
        await putDiagnosis(tx, (await tx.incident(id)) ?? assert.fail(), FAULTY);
        await tx.moveIncident(id, ['diagnosing'], { state: 'open', verdict: 'faulty' });
      }),
    lines: (id: IncidentId) =>
      store.transact(async (tx) => {
        const body = (await tx.message(`alerts:${id}`))?.body;
        return body?.kind === 'alerts' ? body.alerts.map(({ status, summary }) => `${status} ${summary}`) : [];
      }),
    pending: () => record.opened.outbox.pending(1_000, at(1e6)),
    notices: async () => (await deliverAll(record.opened.outbox)).filter(({ incidentId }) => incidentId === null),
  };
}

/** The one host, git01, with other rules. */
function settingsWith(change: Partial<Policy>) {
  const policy = policyWith(change);
  const host = { ...hostSettings({}), policy };
  const settings = {
    hosts: new Map([[host.name, host]]),
    defaultPolicy: policy,
    fleetLook: null,
    quiet: quietWith(),
    incidentChannel: CHANNEL,
  };
  return { settings };
}

/** Delivers everything as Slack would, in order, and returns it. */
async function deliverAll(
  outbox: Awaited<ReturnType<typeof openRecord>>['opened']['outbox'],
): Promise<PendingMessage[]> {
  const delivered: PendingMessage[] = [];
  for (;;) {
    const pending = await outbox.pending(1_000, at(1e6));
    if (pending.length === 0) return delivered;
    for (const message of pending) {
      await outbox.markDelivered(message.key, message.version, `1.${delivered.length}`);
      delivered.push(message);
    }
  }
}

test('a firing alert opens one incident in the incident channel, named after its source and quoting it', async (t) => {
  const { receive, takeUp, opened, incidents, record, context } = await scene(t);
  await receive(alertOf());
  assert.equal(await takeUp(), false);
  const [incident, ...others] = await incidents();
  assert.deepEqual([others, opened], [[], [incident]]);
  assert.deepEqual(incident?.openedBy, { kind: 'alert', source: 'prometheus' });
  assert.equal(incident?.channel, context.settings.incidentChannel);
  const [message] = await record.opened.outbox.pending(10, at(0));
  assert.ok(message?.body.kind === 'status');
  assert.deepEqual(message.body.alert, { source: 'prometheus', summary: 'Registry down', link: null });
  const [entry] = await record.opened.auditTrail.list({});
  assert.deepEqual(entry?.outcome['alert'], message.body.alert);
});

test('an alert mentions who is on call for its host, and in quiet hours only names them', async (t) => {
  const onCall = { users: [], groups: [GroupId.parse('S0ONCALL')] };
  const hours = { zone: 'Europe/Berlin', from: '15:00', to: '15:30' };
  const cases = [
    [{ onCall }, { ...onCall, isQuiet: false }],
    [
      { onCall, quietHours: hours },
      { ...onCall, isQuiet: true },
    ],
    [
      { onCall, quietHours: { ...hours, zone: 'UTC' } },
      { ...onCall, isQuiet: false },
    ],
    [{ quietHours: hours }, undefined],
    [{ onCall: { users: [], groups: [] } }, undefined],
  ] as const;
  for (const [policy, expected] of cases) {
    const { receive, takeUp, record } = await scene(t, policy);
    await receive(alertOf());
    await takeUp();
    const [message] = await record.opened.outbox.pending(10, at(0));
    assert.ok(message?.body.kind === 'status');
    assert.deepEqual(message.body.onCall, expected);
  }
});

test('a repeated alert changes nothing, even from a second Alertmanager or after the alert has ended', async (t) => {
  const { receive, takeUp, incidents, findFault, lines } = await scene(t);
  await receive(alertOf(), alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  await findFault(incident);
  for (const repeat of [alertOf(), alertOf({ status: 'resolved' }), alertOf({ status: 'resolved' }), alertOf()]) {
    await receive(repeat);
    await takeUp();
  }
  assert.equal((await incidents()).length, 1);
  assert.deepEqual(await lines(incident.id), ['resolved Registry down']);
});

test('further alerts join the host’s open incident in one message, and their end does not resolve it', async (t) => {
  const { receive, takeUp, incidents, findFault, lines, record } = await scene(t);
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  await findFault(incident);
  await receive(alertOf({ fingerprint: 'f2', summary: 'Pushes fail' }));
  await takeUp();
  await receive(alertOf({ status: 'resolved' }), alertOf({ fingerprint: 'f3', summary: 'Disk slow' }));
  await takeUp();
  assert.deepEqual(await lines(incident.id), ['resolved Registry down', 'firing Pushes fail', 'firing Disk slow']);
  const messages = await deliverAll(record.opened.outbox);
  assert.deepEqual(
    messages.map(({ key }) => key),
    [`status:${incident.id}`, `alerts:${incident.id}`],
  );
  assert.equal((await incidents())[0]?.state, 'open');
});

test('the end of an alert is not shown in an incident that did not show its start', async (t) => {
  const { receive, takeUp, incidents, findFault, lines } = await scene(t);
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  await findFault(incident);
  await receive(alertOf({ fingerprint: 'earlier', status: 'resolved' }));
  assert.equal(await takeUp(), false);
  assert.deepEqual(await lines(incident.id), []);
});

test('an alert within the time for reopening reopens its incident, and says so in its thread and its message', async (t) => {
  const onCall = { users: [], groups: [GroupId.parse('S0ONCALL')] };
  const { receive, takeUp, incidents, findFault, store, record, lines, opened } = await scene(t, { onCall });
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  await findFault(incident);
  const proof = { by: 'workflow', proof: 'diagnosis' } as const;
  await store.transact((tx) => resolveOpenIncidents(tx, incident.host, at(5), proof));
  record.setNow(at(29 * 60));
  await receive(alertOf({ fingerprint: 'f2', summary: 'Again', startsAt: at(28 * 60).toISOString() }));
  await takeUp();
  assert.deepEqual(
    (await incidents()).map(({ id, state, closedAt }) => [id, state, closedAt]),
    [[incident.id, 'diagnosing', null]],
  );
  assert.equal(opened.length, 2, 'it is diagnosed again');
  assert.deepEqual(await lines(incident.id), ['firing Registry down', 'firing Again']);
  const entries = await record.opened.auditTrail.list({ incidentId: incident.id });
  assert.equal(entries.at(-1)?.act, 'incident-reopened');
  const messages = (await record.opened.outbox.pending(100, at(1e6))).map(({ body }) => body);
  const status = messages.find(({ kind }) => kind === 'status');
  assert.ok(status?.kind === 'status');
  assert.equal(status.resolvedAt, null);
  const back = { by: { kind: 'alert', source: 'prometheus' }, at: at(29 * 60).toISOString() };
  assert.deepEqual(status.reopened, back);
  const told = (await store.transact((tx) => tx.message(`record:${entries.at(-1)?.sequence}`)))?.body;
  assert.ok(told?.kind === 'reopened');
  assert.deepEqual([{ by: told.by, at: told.at }, told.onCall], [back, { ...onCall, isQuiet: false }]);
});

test('the next alert after the time for reopening opens a new incident', async (t) => {
  const { receive, takeUp, incidents, findFault, store, record } = await scene(t);
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  await findFault(incident);
  const proof = { by: 'workflow', proof: 'diagnosis' } as const;
  await store.transact((tx) => resolveOpenIncidents(tx, incident.host, at(5), proof));
  record.setNow(at(31 * 60));
  await receive(alertOf({ startsAt: at(31 * 60).toISOString() }));
  await takeUp();
  assert.deepEqual(
    (await incidents()).map(({ state }) => state),
    ['resolved', 'diagnosing'],
  );
});

test('an alert that starts during a diagnosis waits until the diagnosis has ended, and later alerts stay behind it in order', async (t) => {
  const { receive, takeUp, incidents, findFault, lines, record } = await scene(t);
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = await incidents();
  record.setNow(at(20));
  const later = { fingerprint: 'f2', summary: 'Later', startsAt: at(10).toISOString() };
  await receive(alertOf(later), alertOf({ ...later, status: 'resolved' }));
  assert.equal(await takeUp(), true);
  assert.deepEqual(await lines(incident.id), []);
  await findFault(incident);
  assert.equal(await takeUp(), false);
  assert.deepEqual(await lines(incident.id), ['firing Registry down', 'resolved Later']);
});

test('a recorded alert that was not taken up before a crash opens exactly one incident', async (t) => {
  const first = await scene(t);
  await first.receive(alertOf());
  const second: Incident[] = [];
  await takeUpAlerts(first.record.context(), (incident) => void second.push(incident));
  await takeUpAlerts(first.record.context(), (incident) => void second.push(incident));
  assert.equal(second.length, 1);
});

test('an unreachable host keeps its alert’s incident open, so that no further alert opens another', async (t) => {
  const { receive, takeUp, incidents, context, opened } = await scene(t);
  await receive(alertOf());
  await takeUp();
  const [incident = assert.fail()] = opened;
  await diagnoseIncident(context, incident, incident.openedBy);
  await receive(alertOf({ fingerprint: 'f2' }));
  await takeUp();
  assert.deepEqual(
    (await incidents()).map(({ state, verdict }) => [state, verdict]),
    [['open', 'inconclusive']],
  );
});

test('an alert that matches no host is reported once a day for each fingerprint, and its end is not reported', async (t) => {
  const { receive, takeUp, notices, incidents, record } = await scene(t);
  const told = async () => (await notices()).map(({ body }) => body.kind === 'alert-notice' && body.about);
  await receive(stray('a'), stray('a'), stray('b'));
  await takeUp();
  assert.deepEqual(await told(), ['no-host', 'no-host']);
  const againToday = { startsAt: at(30).toISOString(), summary: 'Other words' };
  await receive(stray('a'), Alert.parse({ ...stray('a'), status: 'resolved' }), { ...stray('a'), ...againToday });
  await takeUp();
  assert.deepEqual(await told(), []);
  record.setNow(at(24 * 60 * 60));
  await receive(stray('a'));
  await takeUp();
  assert.deepEqual(await told(), ['no-host']);
  assert.deepEqual(await incidents(), []);
});

test('after five alerts a day that match no host, the others are counted in one message', async (t) => {
  const { receive, takeUp, notices } = await scene(t);
  await receive(...Array.from({ length: 250 }, (_, index) => stray(`s${index}`)));
  await takeUp();
  const told = await notices();
  assert.equal(told.length, 6);
  const [last] = told.slice(-1);
  assert.ok(last?.body.kind === 'alert-notice' && last.body.about === 'more-without-host');
  assert.equal(last.body.count, 245);
});

test('an alert that matched no host opens an incident when it is repeated after the config matches it', async (t) => {
  const { receive, takeUp, incidents, context } = await scene(t);
  await receive(stray('a'));
  await takeUp();
  const hosts = new Map(
    [...context.settings.hosts].map(([name, host]) => [name, { ...host, alerts: { match: { instance: 'now*' } } }]),
  );
  const changed = { ...context, settings: { ...context.settings, hosts } };
  await receive(stray('a'));
  await takeUpAlerts(changed, () => {});
  assert.equal((await incidents()).length, 1);
});

test('the channel is told how many alerts the sender left out of a group', async (t) => {
  const { context, notices } = await scene(t);
  for (const count of [3, 3]) await receiveAlerts(context, { alerts: [alertOf()], leftOut: { group: 'g', count } });
  const [notice, ...others] = await notices();
  assert.deepEqual(others, []);
  assert.ok(notice?.body.kind === 'alert-notice' && notice.body.about === 'left-out');
  assert.equal(notice.body.count, 3);
});

test('an alert without a start time counts as a repeat within an hour, and as a new alert later', async (t) => {
  const { receive, store, record } = await scene(t);
  const waiting = () => store.transact(async (tx) => (await tx.waitingAlerts(0, 100)).length);
  const undated = (status: Alert['status']) => alertOf({ startsAt: null, status });
  await receive(undated('firing'));
  record.setNow(at(50 * 60));
  await receive(undated('firing'));
  assert.equal(await waiting(), 1);
  record.setNow(at(120 * 60));
  await receive(undated('firing'));
  assert.equal(await waiting(), 2);
  await receive(undated('resolved'), undated('firing'));
  assert.equal(await waiting(), 4);
});

test('a storm of alerts about one broken host becomes one incident with two messages, and no alert is lost', async (t) => {
  const { receive, takeUp, incidents, findFault, store, record } = await scene(t);
  const requests = roundsOf(15, 50);
  for (let request = 0; request < requests; request += 1) {
    await receive(...Array.from({ length: 100 }, (_, index) => alertOf({ fingerprint: `f${request * 100 + index}` })));
    await takeUp();
    const [incident = assert.fail()] = await incidents();
    if (request === 5) await findFault(incident);
  }
  const all = await incidents();
  assert.equal(all.length, 1);
  const [{ id }] = all as [Incident];
  assert.equal((await store.transact((tx) => tx.alertsOf(id, 20))).total, requests * 100);
  assert.deepEqual(
    (await deliverAll(record.opened.outbox)).map(({ key }) => key),
    [`status:${id}`, `alerts:${id}`],
  );
});

test('an alert about a host whose incident a person opened in another channel joins it, and the incident channel is told once', async (t) => {
  const { record, store, receive, opened, lines, pending } = await scene(t);
  const { incidentId } = await record.propose();
  const elsewhere = { ...settingsWith({}).settings, incidentChannel: ChannelId.parse('C0INCIDENTS') };
  const context = record.context({ settings: elsewhere });
  const takeUp = () => takeUpAlerts(context, (incident) => void opened.push(incident));
  for (const fingerprint of ['f1', 'f2']) {
    await receive(alertOf({ fingerprint }));
    await takeUp();
  }
  assert.deepEqual(opened, []);
  assert.equal((await lines(incidentId)).length, 2);
  const incidents = await store.transact((tx) => tx.incidentsIn(['diagnosing', 'open']));
  assert.deepEqual(
    incidents.map(({ id }) => id),
    [incidentId],
  );
  const notices = (await pending()).filter(({ body }) => body.kind === 'incident-elsewhere');
  assert.equal(notices.length, 1);
});

test('an alert that began after the diagnosis of an incident in another channel was requested waits for its verdict', async (t) => {
  const { record, store, receive, opened } = await scene(t);
  const { incidentId, host } = await record.propose();
  await store.transact((tx) => tx.moveIncident(incidentId, ['open'], { state: 'diagnosing' }));
  const elsewhere = { ...settingsWith({}).settings, incidentChannel: ChannelId.parse('C0INCIDENTS') };
  const context = record.context({ settings: elsewhere });
  const takeUp = () => takeUpAlerts(context, (incident) => void opened.push(incident));
  record.setNow(at(20));
  await receive(alertOf({ startsAt: at(10).toISOString() }));
  await takeUp();
  assert.deepEqual(
    await store.transact((tx) => tx.incidentsIn(['diagnosing', 'open'], host)).then((all) => all.length),
    1,
  );
  const closed = { state: 'closed', closedAt: at(30).toISOString() } as const;
  await store.transact((tx) => tx.moveIncident(incidentId, ['diagnosing'], closed));
  record.setNow(at(60));
  await takeUp();
  assert.deepEqual(
    opened.map(({ channel }) => channel),
    [elsewhere.incidentChannel],
  );
});
