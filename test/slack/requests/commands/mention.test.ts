import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WebClient } from '@slack/web-api';
import { createLog } from '../../../../src/log.ts';
import { HostName } from '../../../../src/model/record/ids.ts';
import { Mention, mentionedCommand } from '../../../../src/slack/requests/commands/mention.ts';
import { HOST_INPUT } from '../../../../src/slack/requests/diagnose/diagnose-form.ts';
import { SHORTCUTS } from '../../../../src/slack/requests/diagnose/shortcut.ts';
import { LIMIT_MS, startBench } from '../../start-slack.ts';

const ALICE = { user: 'U0ALICE', channel: 'C0INCIDENTS' };
const any = () => true;

for (const mode of ['http', 'socket'] as const) {
  describe(`a mention of the bot over ${mode}`, () => {
    test('a mention with diagnose HOST is passed on with who, where and a key', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const mention = slack.prepare.mention({ ...ALICE, text: '@registry-doctor diagnose git01' });
      const result = await mention.send();
      assert.equal(result.failure, null);
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'requestDiagnosis',
          request: {
            hostText: 'git01',
            by: { team: 'T0WORKSHOP', user: 'U0ALICE' },
            channel: 'C0INCIDENTS',
            requestKey: `slack:T0WORKSHOP:${mention.eventId}`,
          },
        },
      ]);
      assert.deepEqual(slack.ephemerals('U0ALICE'), []);
    });

    test('in a thread the answer is in that thread and says where the incident is', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      const { ts } = slack.say({ ...ALICE, text: 'git01 is down' });
      await slack.mention({ ...ALICE, text: '@registry-doctor diagnose git01', threadTs: ts });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.equal(answer.text, 'I’m diagnosing git01 (incident 142) and will post in <#C0INCIDENTS>.');
      assert.deepEqual([answer.threadTs, answer.via], [ts, 'chat.postEphemeral']);
      assert.equal(requests.asked.length, 1);
    });

    test('a mention with record INCIDENT is passed on as a click on its button is', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const mention = slack.prepare.mention({ ...ALICE, text: '@registry-doctor record 142' });
      await mention.send();
      await app.stop();
      const by = { team: 'T0WORKSHOP', user: 'U0ALICE' };
      const requestKey = `slack:T0WORKSHOP:${mention.eventId}`;
      assert.deepEqual(requests.asked, [
        { kind: 'postRecord', request: { incidentIdText: '142', by, channel: 'C0INCIDENTS', requestKey } },
      ]);
    });

    test('an event that Slack sends twice counts once', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const mention = slack.prepare.mention({ ...ALICE, text: '@registry-doctor hosts' });
      await mention.send();
      await mention.send({ retry: { number: 1, reason: 'http_timeout' } });
      await app.stop();
      assert.equal(requests.asked.length, 1);
      assert.equal(slack.ephemerals('U0ALICE').length, 1);
    });

    test('other commands and slips are answered privately where the bot was mentioned', async (context) => {
      const { slack } = await startBench(context, mode);
      for (const [text, words] of [
        ['@registry-doctor incidents', /^Open incidents: /],
        ['@registry-doctor', /^What I can do/],
        ['Hello @registry-doctor statsu', /^Unknown command “statsu”\. Did you mean \/registry status\?/],
      ] as const) {
        await slack.mention({ ...ALICE, text });
        await slack.waitForEphemeral('U0ALICE', (one) => words.test(one.text), LIMIT_MS);
      }
      const ofTheBot = slack.messages('C0INCIDENTS').filter(({ user }) => user === slack.workspace.app.botUserId);
      assert.deepEqual(ofTheBot, []);
    });

    test('a mention by another bot is not answered', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      slack.changeChannel('C0INCIDENTS', { members: ['U0OTHERBOT', slack.workspace.app.botUserId] });
      await slack.mention({ user: 'U0OTHERBOT', channel: 'C0INCIDENTS', text: '@registry-doctor diagnose git01' });
      await app.stop();
      assert.deepEqual([requests.asked, slack.calls('chat.postEphemeral')], [[], []]);
    });

    test('a mention, a shortcut and a form are acknowledged before their work is done', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const release = Promise.withResolvers<void>();
      requests.before = () => release.promise;
      requests.named = [HostName.parse('git01')];
      const { ts } = slack.say({ ...ALICE, text: 'git01' });
      const results = [
        await slack.mention({ ...ALICE, text: '@registry-doctor diagnose git01' }),
        await slack.messageShortcut({ ...ALICE, ts, callbackId: SHORTCUTS.message }),
        await slack.shortcut({ user: 'U0ALICE', callbackId: SHORTCUTS.global }),
      ];
      await slack.waitUntil('a form', () => slack.views('U0ALICE').length === 1, LIMIT_MS);
      const viewId = slack.views('U0ALICE')[0]?.id ?? '';
      const values = { [HOST_INPUT.block]: { [HOST_INPUT.action]: 'git01' } };
      results.push(await slack.submitView({ user: 'U0ALICE', viewId, values }));
      assert.deepEqual(
        results.map(({ failure }) => failure),
        [null, null, null, null],
      );
      release.resolve();
      await app.stop();
      assert.equal(requests.asked.length, 3);
    });

    test('when the work of a mention fails, the person gets an answer', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      requests.before = () => Promise.reject(new Error('the disk is full'));
      await slack.mention({ ...ALICE, text: '@registry-doctor diagnose git01' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(answer.text, /^Something went wrong, and I don’t know/);
    });
  });
}

const TYPED: readonly [text: string, command: string][] = [
  ['<@U0DOCTOR> diagnose git01', 'diagnose git01'],
  ['<@U0DOCTOR|registry-doctor>  status', 'status'],
  ['please, <@U0DOCTOR> hosts', 'hosts'],
  ['<@U0BOB> saw it. <@U0DOCTOR> diagnose git01', 'diagnose git01'],
  ['<@U0DOCTOR> diagnose git01\nThanks!', 'diagnose git01'],
  ['<@U0DOCTOR> diagnose <http://git01.example.com|git01.example.com>', 'diagnose git01.example.com'],
  ['<@U0DOCTOR> a &lt;b&gt; &amp;amp;', 'a <b> &amp;'],
  ['<@U0DOCTOR>', ''],
];

for (const [text, command] of TYPED) {
  test(`the mention ${JSON.stringify(text)} is the command ${JSON.stringify(command)}`, () => {
    const mention = Mention.parse({
      team_id: 'T0WORKSHOP',
      event_id: 'Ev1',
      authorizations: [{ user_id: 'U0DOCTOR' }],
      event: { user: 'U0ALICE', text, channel: 'C0INCIDENTS' },
    });
    assert.equal(mentionedCommand(mention, new WebClient(), createLog('silent')).text, command);
  });
}

test('a person of another workspace in a shared channel is named as such', () => {
  const event = { user: 'U0ALICE', text: '<@U0DOCTOR>', channel: 'C0INCIDENTS', user_team: 'T0ELSEWHERE' };
  const mention = Mention.parse({ team_id: 'T0WORKSHOP', event_id: 'Ev1', event });
  assert.equal(mentionedCommand(mention, new WebClient(), createLog('silent')).by.team, 'T0ELSEWHERE');
});
