import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { ChannelId, HostName, UserId } from '../../../src/model/record/ids.ts';
import type { Policy } from '../../../src/model/settings/settings.ts';
import { homePage } from '../../../src/workflow/fleet/home-page.ts';
import { hostsNamedIn } from '../../../src/workflow/fleet/hosts-named-in.ts';
import { lookUp } from '../../../src/workflow/fleet/look-up.ts';
import type { MessageLinks } from '../../../src/workflow/ports/messages.ts';
import type { MemberAnswer } from '../../../src/workflow/ports/people.ts';
import type { FleetQuestion, Person } from '../../../src/workflow/requests.ts';
import { actorOf } from '../../../src/workflow/requests.ts';
import { decidePlan } from '../../../src/workflow/review/decide-plan.ts';
import { WatchBoard } from '../../../src/workflow/watch/watch-board.ts';
import { ALICE, BOB, CAROL, CHANNEL, openRecord } from '../../attacks/proposed-plan.ts';
import { hostSettings } from '../../host/sample-settings.ts';
import { policyWith } from '../../support/bots/policy.ts';
import { quietWith } from '../../support/bots/quiet.ts';

/** What people are told of hosts, over the real store. git01 has an incident with a plan that Alice requested. */

const [GIT01, GIT02] = [HostName.parse('git01'), HostName.parse('git02')];
const OUTSIDER = { ...BOB, user: UserId.parse('UOUTSIDE') };
const AT = '2026-11-23T14:02:10.000Z';
const LINKS: MessageLinks = { linkTo: async ({ ts }) => `https://workshop.slack.com/${ts}` };

async function scene(t: TestContext, policyOf02: Partial<Policy> = {}, member: MemberAnswer = { kind: 'yes' }) {
  const record = await openRecord(t);
  const plan = await record.propose();
  const approvers = { users: [ALICE.user, BOB.user, CAROL.user], groups: [] };
  const policy = policyWith({ approvers, approvalsNeeded: { low: 2, high: 2 } });
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 0 };
  const git01 = { ...hostSettings({}), name: GIT01, policy };
  const git02 = { ...hostSettings({}), name: GIT02, watch, policy: policyWith({ approvers, ...policyOf02 }) };
  const context = record.context({
    directory: { isMember: async () => ({ kind: 'no' }), isFullMember: async () => member },
    settings: {
      hosts: new Map([git02, git01].map((host) => [host.name, host])),
      defaultPolicy: policyWith(),
      fleetLook: null,
      quiet: quietWith(),
      incidentChannel: CHANNEL,
    },
  });
  const sources = { board: new WatchBoard(), links: LINKS };
  const ask = async (question: FleetQuestion, by: Person = BOB, channel = CHANNEL) => {
    const found = await lookUp(context, sources, { question, by, channel });
    return found.answer;
  };
  const deliver = async (key: string, ts: string) => record.opened.outbox.markDelivered(key, 1, ts);
  const home = async (by: Person) => homePage(context, sources, by);
  return { record, plan, context, sources, ask, deliver, home };
}

describe('commands that only look', () => {
  test('status shows what monitoring saw, and open incidents and waiting plans with their links, trouble first', async (t) => {
    const { plan, sources, ask, deliver } = await scene(t);
    sources.board.note(GIT02, { kind: 'healthy', way: 'from-bot', at: AT });
    await deliver(`status:${plan.incidentId}`, '1.1');
    const status = await ask({ kind: 'status', hostText: null });
    assert.ok(status.kind === 'status');
    const [first, second] = status.hosts;
    assert.deepEqual(second, {
      host: 'git02',
      watch: { kind: 'healthy', way: 'from-bot', at: AT },
      mutes: [],
      incidents: [],
      plans: [],
    });
    assert.deepEqual([first?.host, first?.watch], ['git01', { kind: 'not-watched' }]);
    assert.deepEqual(
      first?.incidents.map(({ id, state, url }) => [id, state, url]),
      [[plan.incidentId, 'open', 'https://workshop.slack.com/1.1']],
    );
    assert.deepEqual(
      first?.plans.map(({ id, url }) => [id, url]),
      [[plan.id, null]],
    );
  });

  test('status and the home tab show who muted a host, why and until when', async (t) => {
    const { record, ask, home } = await scene(t);
    const source = { kind: 'person', by: actorOf(BOB), reason: 'disk swap' } as const;
    const mute = { host: GIT01, source, beganAt: AT, until: '2026-11-23T16:02:10.000Z' };
    await record.opened.store.transact((tx) => tx.insertMute(mute));
    const mutes = [{ source, until: mute.until }];
    const status = await ask({ kind: 'status', hostText: 'git01' });
    assert.deepEqual(status.kind === 'status' && status.hosts.map((host) => host.mutes), [mutes]);
    const tab = await home(BOB);
    assert.deepEqual(tab.kind === 'page' && tab.page.hosts.map((host) => [host.host, host.mutes]), [
      ['git02', []],
      ['git01', mutes],
    ]);
  });

  test('status of one host shows that host only; hosts lists them all', async (t) => {
    const { ask } = await scene(t);
    const one = await ask({ kind: 'status', hostText: 'git02' });
    assert.deepEqual(one.kind === 'status' && one.hosts.map(({ host }) => host), ['git02']);
    assert.deepEqual(await ask({ kind: 'hosts' }), {
      kind: 'hosts',
      hosts: [
        { host: 'git02', watch: { kind: 'not-checked' } },
        { host: 'git01', watch: { kind: 'not-watched' } },
      ],
    });
  });

  test('incidents lists what is open, and history also what is over, newest first', async (t) => {
    const { record, plan, ask } = await scene(t);
    await record.opened.store.transact((tx) =>
      tx.moveIncident(plan.incidentId, ['open'], { state: 'resolved', closedAt: AT, verdict: 'faulty' }),
    );
    const next = await record.propose();
    const open = await ask({ kind: 'incidents' });
    assert.deepEqual(open.kind === 'incidents' && open.incidents.map(({ id }) => id), [next.incidentId]);
    const history = await ask({ kind: 'history', hostText: 'git01' });
    assert.ok(history.kind === 'history');
    assert.deepEqual(
      history.incidents.map(({ id, state, verdict, plan: last }) => [id, state, verdict, last]),
      [
        [next.incidentId, 'open', null, { id: next.id, state: 'proposed' }],
        [plan.incidentId, 'resolved', 'faulty', { id: plan.id, state: 'proposed' }],
      ],
    );
    const other = await ask({ kind: 'history', hostText: 'git02' });
    assert.deepEqual(other, { kind: 'history', host: 'git02', incidents: [] });
  });

  test('an unknown host is answered with the nearest names, of those that the person can see', async (t) => {
    const { ask } = await scene(t, { requesters: { users: [ALICE.user], groups: [] }, approvers: null });
    assert.deepEqual(await ask({ kind: 'status', hostText: 'git02' }), {
      kind: 'unknown-host',
      asked: 'git02',
      nearest: ['git01'],
      known: ['git01'],
    });
  });

  test('a host is seen by those who can request or approve there, in its channels', async (t) => {
    const requesters = { users: [ALICE.user], groups: [] };
    const { ask } = await scene(t, { requesters, channels: [ChannelId.parse('C2')] });
    const seenBy = async (by: Person, channel = CHANNEL) => {
      const answer = await ask({ kind: 'hosts' }, by, channel);
      return answer.kind === 'hosts' ? answer.hosts.map(({ host }) => host) : answer.kind;
    };
    assert.deepEqual(await seenBy(ALICE), ['git02', 'git01']);
    assert.deepEqual(await seenBy(BOB), ['git02', 'git01']);
    assert.deepEqual(await seenBy(OUTSIDER), ['git01']);
    assert.deepEqual(await seenBy(BOB, ChannelId.parse('C3')), ['git01']);
  });

  test('guests and people whom Slack does not know see no host, and are told why', async (t) => {
    const guest = await scene(t, {}, { kind: 'no' });
    assert.equal((await guest.ask({ kind: 'hosts' })).kind, 'may-not-request');
    const why = { kind: 'no-answer', why: { code: 'failed', said: 'away' } } as const;
    const unknown = await scene(t, {}, { kind: 'unknown', why });
    assert.equal((await unknown.ask({ kind: 'incidents' })).kind, 'cannot-check-person');
  });
});

describe('the home tab', () => {
  test('it has the plans that wait for this person, until they have approved', async (t) => {
    const { plan, context, home, deliver } = await scene(t);
    await deliver(`status:${plan.incidentId}`, '1.1');
    await deliver(`plan:${plan.id}`, '1.2');
    const plansOf = async (by: Person) => {
      const found = await home(by);
      return found.kind === 'page' ? found.page.plans.map(({ id, url }) => `${id} ${url}`) : found.answer.kind;
    };
    const waiting = [`${plan.id} https://workshop.slack.com/1.2`];
    assert.deepEqual([await plansOf(BOB), await plansOf(CAROL)], [waiting, waiting]);
    assert.deepEqual([await plansOf(ALICE), await plansOf(OUTSIDER)], [[], []]);
    const decision = {
      planIdText: plan.id,
      planHash: plan.hash,
      verdict: 'approved',
      by: BOB,
      channel: CHANNEL,
    } as const;
    await decidePlan(context, decision);
    assert.deepEqual([await plansOf(BOB), await plansOf(CAROL)], [[], waiting]);
  });

  test('it has the fleet and the open incidents, and nothing for guests', async (t) => {
    const { plan, home } = await scene(t);
    const found = await home(OUTSIDER);
    assert.ok(found.kind === 'page');
    assert.deepEqual(
      [found.page.hosts.map(({ host }) => host), found.page.incidents.map(({ id }) => id)],
      [['git02', 'git01'], [plan.incidentId]],
    );
    const guest = await scene(t, {}, { kind: 'no' });
    assert.deepEqual(await guest.home(BOB), { kind: 'answer', answer: { kind: 'may-not-request' } });
  });
});

test('a text names only hosts that the person can request a diagnosis of here', async (t) => {
  const { context } = await scene(t, { requesters: { users: [ALICE.user], groups: [] } });
  const namedFor = (by: Person) => hostsNamedIn(context, { text: 'git01, git02 and git03', by, channel: CHANNEL });
  assert.deepEqual(await namedFor(ALICE), ['git02', 'git01']);
  assert.deepEqual(await namedFor(BOB), ['git01']);
});

test('the board keeps since when a host can’t be checked, and forgets it with the next answer', () => {
  const board = new WatchBoard();
  const watch = { intervalSeconds: 30, url: null, blindMinutes: 10, deepLookMinutes: 0 };
  const host = { name: GIT01, watch };
  assert.deepEqual(board.of(host), { kind: 'not-checked' });
  board.note(GIT01, { kind: 'blind', since: AT });
  board.note(GIT01, { kind: 'blind', since: '2026-11-23T15:00:00.000Z' });
  assert.deepEqual(board.of(host), { kind: 'blind', since: AT });
  board.note(GIT01, { kind: 'healthy', way: 'guard', at: AT });
  assert.deepEqual(board.of(host), { kind: 'healthy', way: 'guard', at: AT });
  assert.deepEqual(board.of({ name: GIT01, watch: null }), { kind: 'not-watched' });
});
