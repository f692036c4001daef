import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import type { HomePage } from '../../../src/model/fleet/fleet.ts';
import { HostName, IncidentId, PlanId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import { HomeView } from '../../../src/playground/slack/blocks/view.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { HomeTabs } from '../../../src/slack/home/home-tabs.ts';
import { homeView } from '../../../src/slack/home/home-view.ts';
import { wordsFor } from '../../../src/words/index.ts';
import { WorkInFlight } from '../../../src/workflow/jobs/work-in-flight.ts';
import { until } from '../../support/bots/main-job.ts';
import { english } from '../../support/words/english.ts';
import { RecordingRequests } from '../recording-requests.ts';
import { LIMIT_MS, startBench, startSlack } from '../start-slack.ts';

const host = HostName.parse('git01');
const AT = '2026-11-23T14:02:10.000Z';
const url = 'https://workshop.slack.com/archives/C0INCIDENTS/p1700000000000100';
const PAGE: HomePage = {
  hosts: [{ host, watch: { kind: 'unhealthy', way: 'from-bot', at: AT }, mutes: [] }],
  incidents: [{ id: IncidentId.parse(142), host, state: 'open', verdict: 'faulty', openedAt: AT, url }],
  plans: [{ id: PlanId.parse('142-1'), host, risk: 'low', expiresAt: AT, url }],
};

const homeOf = (slack: SlackStandIn, user: string) => JSON.stringify(slack.home(user)?.view.blocks ?? null);
const published = (slack: SlackStandIn) => slack.calls('views.publish').length;

for (const mode of ['http', 'socket'] as const) {
  describe(`the home tab over ${mode}`, () => {
    test('who opens it sees plans, incidents and hosts, each with the link to its message', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      requests.home = { kind: 'page', page: PAGE };
      assert.equal((await slack.openHome({ user: 'U0BOB' })).failure, null);
      await slack.waitForCall('views.publish', () => true, LIMIT_MS);
      await slack.waitUntil('a home tab', () => slack.home('U0BOB') !== null, LIMIT_MS);
      const shown = homeOf(slack, 'U0BOB');
      assert.match(shown, /Plans that wait for you.*Plan 142-1.*Open incidents.*Incident 142.*Hosts.*git01.*unhealthy/);
      assert.equal(shown.split(url).length, 3);
      assert.equal(slack.home('U0ALICE'), null);
    });

    test('someone who can see nothing is told why, in the tab alone', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      requests.home = { kind: 'answer', answer: { kind: 'may-not-request' } };
      await slack.openHome({ user: 'U0GUEST' });
      await slack.waitUntil('a home tab', () => slack.home('U0GUEST') !== null, LIMIT_MS);
      assert.match(homeOf(slack, 'U0GUEST'), /You don’t have permission/);
      assert.doesNotMatch(homeOf(slack, 'U0GUEST'), /git01/);
    });
  });
}

test('a tab is published again only when it has changed since', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  requests.home = { kind: 'page', page: PAGE };
  await slack.openHome({ user: 'U0BOB' });
  await slack.waitUntil('a home tab', () => slack.home('U0BOB') !== null, LIMIT_MS);
  await slack.openHome({ user: 'U0BOB' });
  await until(() => requests.homesOf.length === 2, 'the tab was not looked at again');
  requests.home = { kind: 'page', page: { ...PAGE, plans: [] } };
  app.refreshHomes();
  await slack.waitUntil('the change', () => /No plan waits for your approval/.test(homeOf(slack, 'U0BOB')), LIMIT_MS);
  assert.equal(published(slack), 2);
});

test('a tab that Slack did not take is published at the next change', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  requests.home = { kind: 'page', page: PAGE };
  slack.failNext('views.publish', 'internal_error');
  await slack.openHome({ user: 'U0BOB' });
  await slack.waitForCall('views.publish', () => true, LIMIT_MS);
  app.refreshHomes();
  await slack.waitUntil('a home tab', () => slack.home('U0BOB') !== null, LIMIT_MS);
});

test('a tab that Slack limits is published when Slack takes it again, without another change', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  requests.home = { kind: 'page', page: PAGE };
  await slack.openHome({ user: 'U0BOB' });
  await slack.waitUntil('a home tab', () => slack.home('U0BOB') !== null, LIMIT_MS);
  slack.rateLimit('views.publish', 1, 1);
  requests.home = { kind: 'page', page: { ...PAGE, plans: [] } };
  app.refreshHomes();
  await slack.waitUntil('the change', () => /No plan waits for your approval/.test(homeOf(slack, 'U0BOB')), LIMIT_MS);
});

test('changes during a slow refresh begin no second one beside it, and one more after it', async (context) => {
  const slack = await startSlack(context);
  const log = createLog('silent');
  const requests = new RecordingRequests();
  const inFlight = new CountingWork(log);
  const { messages: client } = createSlackClients({
    botToken: slack.credentials.botToken,
    slackApiUrl: slack.apiUrl,
    log,
  });
  const tabs = new HomeTabs({ requests, client, wordsOf: async () => english, inFlight, log });
  context.after(() => tabs.stop());
  await tabs.opened({ team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0BOB') });
  const held = Promise.withResolvers<void>();
  requests.before = () => held.promise;
  context.mock.timers.enable({ apis: ['setTimeout'] });
  for (let changes = 0; changes < 5; changes += 1) {
    tabs.changed();
    context.mock.timers.tick(10_000);
  }
  assert.equal(inFlight.started, 1);
  context.mock.timers.reset();
  held.resolve();
  await until(() => inFlight.started === 2, 'what changed meanwhile was not looked at');
  await inFlight.drain(LIMIT_MS);
  assert.equal(requests.homesOf.length, 3);
});

/** Counts the work that was begun. */
class CountingWork extends WorkInFlight {
  started = 0;

  override start(what: string, work: () => Promise<void>): void {
    this.started += 1;
    super.start(what, work);
  }
}

test('nothing is published to people who have no tab open, and none for the tab of messages', async (context) => {
  const { slack, app, requests } = await startBench(context, 'socket');
  await slack.openHome({ user: 'U0BOB', tab: 'messages' });
  app.refreshHomes();
  await app.stop();
  assert.deepEqual([requests.homesOf, published(slack)], [[], 0]);
});

for (const locale of ['en', 'zh-Hans'] as const) {
  test(`a home tab of a thousand hosts in ${locale} is within Slack’s limits and says what is missing`, () => {
    const many = <T>(one: T) => Array.from({ length: 1_000 }, () => one);
    const page = { hosts: many(PAGE.hosts[0]), incidents: many(PAGE.incidents[0]), plans: many(PAGE.plans[0]) };
    const isThere = <T>(one: T | undefined): one is T => one !== undefined;
    const full = {
      hosts: page.hosts.filter(isThere),
      incidents: page.incidents.filter(isThere),
      plans: page.plans.filter(isThere),
    };
    const view = homeView({ kind: 'page', page: full }, wordsFor(locale));
    assert.deepEqual(HomeView.safeParse(view).error, undefined);
    assert.ok(JSON.stringify(view).length < 250_000);
    assert.match(JSON.stringify(view), /900/);
  });
}
