import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FleetAnswer } from '../../../../src/model/fleet/fleet.ts';
import { HostName, IncidentId, PlanId, TeamId, UserId } from '../../../../src/model/record/ids.ts';
import { wordsFor } from '../../../../src/words/index.ts';
import type { FleetQuestion } from '../../../../src/workflow/requests.ts';
import { LIMIT_MS, startBench } from '../../start-slack.ts';

const ALICE = { user: 'U0ALICE', channel: 'C0INCIDENTS' };
const any = () => true;
const host = HostName.parse('git01');
const AT = '2026-11-23T14:02:10.000Z';
const URL_142 = 'https://workshop.slack.com/archives/C0INCIDENTS/p1700000000000100';

const INCIDENT = {
  id: IncidentId.parse(142),
  host,
  state: 'open',
  verdict: 'faulty',
  openedAt: AT,
  url: URL_142,
} as const;
const PLAN = { id: PlanId.parse('142-1'), host, risk: 'low', expiresAt: AT, url: null } as const;
const BOB = { kind: 'slack-user', team: TeamId.parse('T0WORKSHOP'), user: UserId.parse('U0BOB') } as const;
const MUTE = { source: { kind: 'person', by: BOB, reason: 'disk swap' }, until: AT } as const;

const ASKED: readonly [text: string, question: FleetQuestion, answer: FleetAnswer, words: RegExp][] = [
  [
    'hosts',
    { kind: 'hosts' },
    { kind: 'hosts', hosts: [{ host, watch: { kind: 'healthy', way: 'from-host', at: AT } }] },
    /^Hosts: git01: healthy at <!date\^1795442530\^\{time\}\|14:02 UTC>, checked over HTTP through SSH$/,
  ],
  [
    'status GIT01',
    { kind: 'status', hostText: 'GIT01' },
    {
      kind: 'status',
      hosts: [{ host, watch: { kind: 'not-watched' }, mutes: [MUTE], incidents: [INCIDENT], plans: [PLAN] }],
    },
    /^Status: git01: not monitored; Muted by <@U0BOB> until <!date.*>: “disk swap”; <https:\/\/workshop\.slack\.com\/archives\/C0INCIDENTS\/p1700000000000100\|Incident 142> on git01: open, diagnosed as unhealthy, opened .*; Plan 142-1 for git01: waiting for approval, low access risk, expires at /,
  ],
  [
    'incidents',
    { kind: 'incidents' },
    { kind: 'incidents', incidents: [] },
    /^Open incidents: There are no open incidents\.$/,
  ],
  [
    'history',
    { kind: 'history', hostText: null },
    {
      kind: 'history',
      host: null,
      incidents: [
        {
          ...INCIDENT,
          state: 'resolved',
          closedAt: '2026-11-23T14:04:10.000Z',
          plan: { id: PLAN.id, state: 'applied' },
        },
      ],
    },
    /^Latest incidents: <.*\|Incident 142> on git01, .*: diagnosed as unhealthy, plan 142-1 applied, resolved after 2 minutes$/,
  ],
];

for (const mode of ['http', 'socket'] as const) {
  describe(`commands that only look, over ${mode}`, () => {
    for (const [text, question, answer, words] of ASKED) {
      test(`/registry ${text} is answered privately and starts nothing`, async (context) => {
        const { slack, requests } = await startBench(context, mode);
        requests.found = { kind: 'fleet', answer };
        await slack.slashCommand({ ...ALICE, text });
        const { text: said } = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
        assert.match(said, words);
        const by = { team: 'T0WORKSHOP', user: 'U0ALICE' };
        assert.deepEqual(requests.asked, [{ kind: 'lookUp', request: { question, by, channel: 'C0INCIDENTS' } }]);
        assert.deepEqual(slack.messages('C0INCIDENTS'), []);
      });
    }
  });
}

test('a person who can see no host is told why', async (context) => {
  const { slack, requests } = await startBench(context, 'socket');
  requests.found = { kind: 'answer', answer: { kind: 'may-not-request' } };
  await slack.slashCommand({ ...ALICE, text: 'hosts' });
  assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /^You don’t have permission/);
});

test('the answer is in the language of its reader', async (context) => {
  const { slack } = await startBench(context, 'socket', {}, async () => wordsFor('zh-Hans'));
  await slack.slashCommand({ ...ALICE, text: 'incidents' });
  assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /没有未结束的故障。$/);
});

test('commands that only look work where the bot is not, also in direct messages', async (context) => {
  const { slack } = await startBench(context, 'socket');
  for (const channel of ['C0LOUNGE', 'G0GROUP']) {
    await slack.slashCommand({ user: 'U0ALICE', channel, text: 'incidents' });
    await slack.waitForEphemeral('U0ALICE', (one) => one.channel === channel, LIMIT_MS);
  }
});

test('the answer of a thousand hosts is cut, says how many are missing, and Slack takes it', async (context) => {
  const { slack, requests } = await startBench(context, 'socket');
  const hosts = Array.from({ length: 1_000 }, (_, index) => ({
    host: HostName.parse(`registry-${index}.example.com`),
    watch: { kind: 'blind', since: AT } as const,
    mutes: [],
    incidents: [INCIDENT],
    plans: [PLAN],
  }));
  requests.found = { kind: 'fleet', answer: { kind: 'status', hosts } };
  await slack.slashCommand({ ...ALICE, text: 'status' });
  const { blocks } = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
  assert.match(JSON.stringify(blocks), /… 2,\d{3} more lines not shown here/);
});
