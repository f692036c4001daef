import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Traits } from '../../../src/model/quiet/group.ts';
import type { Actor } from '../../../src/model/record/actor.ts';
import { GroupId, HostName } from '../../../src/model/record/ids.ts';
import type { Incident } from '../../../src/model/record/incident.ts';
import type { OnCall } from '../../../src/model/record/messages/people.ts';
import type { SummaryMessage } from '../../../src/model/record/messages/thread-message.ts';
import { cardFor } from '../../../src/slack/cards/card-for.ts';
import { groupIncident } from '../../../src/workflow/incident/group-incidents.ts';
import { openIncident } from '../../../src/workflow/incident/open-incident.ts';
import { resolveIncident } from '../../../src/workflow/incident/resolve-incident.ts';
import { editStatus } from '../../../src/workflow/record/messages.ts';
import { ALICE, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { shownText } from '../../slack/card-text.ts';
import { DIAGNOSIS } from '../../store/samples.ts';
import { english } from '../../support/words/english.ts';

const START = Date.UTC(2026, 10, 29, 14, 0);
const at = (second: number) => new Date(START + second * 1_000);
const NAS: Traits = { shares: ['nas01:/registry'], bootedAt: null };

async function scene(t: TestContext, onCall?: OnCall) {
  const record = await openRecord(t);
  const { store } = record.opened;
  const open = (number: number, second: number, openedBy: Actor) =>
    store.transact(async (tx) => {
      const host = HostName.parse(`git${String(number).padStart(2, '0')}`);
      const about = { host, channel: CHANNEL, openedBy, requestKey: `fails-${number}`, now: at(second) };
      const request = { ...about, ...(onCall && { onCall }) };
      return (await openIncident(tx, request)).incident;
    });
  const fail = (number: number, second: number) => open(number, second, { kind: 'bot', part: 'watch' });
  return {
    ...{ record, store, fail },
    ask: (number: number, second: number) => open(number, second, { kind: 'slack-user', ...ALICE }),
    /** As a diagnosis that found a fault. */
    diagnosed: (incident: Incident, traits: Traits) =>
      store.transact(async (tx) => {
        await tx.saveTraits(incident.id, traits);
        await tx.moveIncident(incident.id, ['diagnosing'], { state: 'open', verdict: 'faulty' });
        await groupIncident(tx, incident);
        await editStatus(tx, incident.id, { stage: 'done', diagnosis: { ...DIAGNOSIS, host: incident.host } });
      }),
    summaries: async (): Promise<readonly SummaryMessage[]> => {
      const pending = await record.opened.outbox.pending(100, new Date(8e15));
      return pending.flatMap(({ body }) => (body.kind === 'summary' ? [body] : []));
    },
  };
}

test('two hosts whose storage is on one share become one group, whose summary names the share and each host’s state', async (t) => {
  const { fail, diagnosed, summaries, store } = await scene(t);
  const [one, two, three] = [await fail(1, 0), await fail(2, 30), await fail(3, 40)];
  await diagnosed(one, NAS);
  assert.deepEqual(await summaries(), []);
  await diagnosed(two, NAS);
  await diagnosed(three, { shares: [], bootedAt: null });
  const [summary, ...others] = await summaries();
  assert.ok(summary !== undefined && others.length === 0);
  assert.equal(
    shownText(cardFor(summary, english)),
    '2 hosts have new incidents · since 14:00 UTC\n' +
      'git01: unhealthy · incident 1\n' +
      'git02: unhealthy · incident 2\n' +
      'Likely cause: their storage is on the same share, nas01:/registry\n' +
      'Check that first. Plans are in this thread; the first hosts have threads of their own.\n',
  );
  await store.transact((tx) => resolveIncident(tx, one, at(90), { by: 'watch' }));
  const [edited] = await summaries();
  assert.deepEqual(
    edited?.incidents.map(({ state }) => state),
    ['healthy', 'broken'],
    'it is kept as they are',
  );
});

test('the plans of a group are in the thread of its summary, except for hosts that have threads of their own', async (t) => {
  const { fail, diagnosed, store } = await scene(t);
  const [one, two] = [await fail(1, 0), await fail(2, 30)];
  await diagnosed(one, NAS);
  await diagnosed(two, NAS);
  const members = await store.transact((tx) => tx.groupMembers(two.id, 10));
  assert.deepEqual(
    members.map(({ id, summarizedIn, groupedIn }) => [id, summarizedIn, groupedIn]),
    [
      [one.id, null, two.id],
      [two.id, two.id, two.id],
    ],
  );
});

test('five hosts at once become one group, whose cause is named once the diagnoses show it', async (t) => {
  const { fail, diagnosed, summaries } = await scene(t);
  const incidents: Incident[] = [];
  for (let number = 1; number <= 6; number += 1) incidents.push(await fail(number, number * 10));
  assert.equal((await summaries())[0]?.incidents.length, 6);
  assert.equal((await summaries())[0]?.cause, null);
  for (const incident of incidents.slice(0, 3)) await diagnosed(incident, NAS);
  const [summary, ...others] = await summaries();
  assert.deepEqual(summary?.cause, { kind: 'share', source: 'nas01:/registry' });
  assert.equal(others.length, 0);
});

test('five hosts that people ask about are no group until a fault is found on each', async (t) => {
  const { ask, diagnosed, summaries } = await scene(t);
  const incidents: Incident[] = [];
  for (let number = 1; number <= 5; number += 1) incidents.push(await ask(number, number * 10));
  assert.deepEqual(await summaries(), []);
  const nothingInCommon: Traits = { shares: [], bootedAt: null };
  for (const incident of incidents.slice(0, 4)) await diagnosed(incident, nothingInCommon);
  assert.deepEqual(await summaries(), []);
  for (const incident of incidents.slice(4)) await diagnosed(incident, nothingInCommon);
  assert.equal((await summaries())[0]?.incidents.length, 5);
});

test('a host that was healthy again before is in no group with a later fault', async (t) => {
  const { fail, diagnosed, summaries, store } = await scene(t);
  const one = await fail(1, 0);
  await diagnosed(one, NAS);
  await store.transact((tx) => resolveIncident(tx, one, at(60), { by: 'watch' }));
  await diagnosed(await fail(2, 120), NAS);
  assert.deepEqual(await summaries(), []);
});

test('a summary lists thirty incidents and counts the others, however many fail', async (t) => {
  const { fail, summaries } = await scene(t);
  for (let number = 1; number <= 34; number += 1) await fail(number, number);
  const [summary, ...others] = await summaries();
  assert.ok(summary !== undefined && others.length === 0);
  assert.deepEqual([summary.incidents.length, summary.more], [30, 4]);
  assert.match(shownText(cardFor(summary, english)), /^34 hosts have new incidents[\s\S]*\nand 4 more incidents\n/);
});

test('of many hosts that fail at once, those that join the summary don’t mention the same people on call again', async (t) => {
  const onCall = { users: [], groups: [GroupId.parse('S0ONCALL')], isQuiet: false };
  const { fail, record } = await scene(t, onCall);
  for (let number = 1; number <= 20; number += 1) await fail(number, number);
  const messages = (await record.opened.outbox.pending(100, new Date(8e15))).map(({ body }) => body);
  const stored = messages.flatMap((body) => (body.kind === 'status' ? [body.onCall] : []));
  assert.equal(stored.filter((one) => one !== undefined).length, 4, 'those before the fifth, which makes the summary');
});
