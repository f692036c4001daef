import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { HostName, IncidentId } from '../../../../src/model/record/ids.ts';
import { DEFAULT_WORKSPACE } from '../../../../src/playground/slack/workspace.ts';
import { LIMIT_MS, startBench } from '../../start-slack.ts';

const ALICE = { user: 'U0ALICE', channel: 'C0INCIDENTS' };
const any = () => true;

for (const mode of ['http', 'socket'] as const) {
  describe(`/registry over ${mode}`, () => {
    test('`/registry diagnose HOST` is acknowledged and starts a diagnosis with requester, channel and request key', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const command = slack.prepare.slashCommand({ ...ALICE, text: 'diagnose git01' });
      const result = await command.send();
      assert.equal(result.failure, null);
      assert.equal(result.status, 200);
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'requestDiagnosis',
          request: {
            hostText: 'git01',
            by: { team: 'T0WORKSHOP', user: 'U0ALICE' },
            channel: 'C0INCIDENTS',
            requestKey: `slack:T0WORKSHOP:${command.triggerId}`,
          },
        },
      ]);
      assert.deepEqual(slack.ephemerals('U0ALICE'), []);
    });

    test('mute and unmute are passed on with who and where, and answered to that person only', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const commands = [
        slack.prepare.slashCommand({ ...ALICE, text: 'mute git01 2h disk swap' }),
        slack.prepare.slashCommand({ ...ALICE, text: 'unmute git01' }),
      ];
      for (const command of commands) await command.send();
      const [muteKey, unmuteKey] = commands.map(({ triggerId }) => `slack:T0WORKSHOP:${triggerId}`);
      await app.stop();
      const person = { by: { team: 'T0WORKSHOP', user: 'U0ALICE' }, channel: 'C0INCIDENTS' };
      const muted = { hostText: 'git01', lengthText: '2h', reason: 'disk swap', ...person };
      const asked = requests.asked.toSorted((one, other) => one.kind.localeCompare(other.kind));
      assert.deepEqual(asked, [
        { kind: 'mute', request: { ...muted, requestKey: muteKey } },
        { kind: 'unmute', request: { hostText: 'git01', ...person, requestKey: unmuteKey } },
      ]);
      const answers = slack
        .ephemerals('U0ALICE')
        .map(({ text }) => text)
        .sort();
      assert.match(answers[0] ?? '', /^git01 is muted until /);
      assert.match(answers[1] ?? '', /^git01 is no longer muted by anyone\./);
    });

    test('record is passed on as a click on its button is, and answered to that person only', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      requests.answer = { kind: 'record-waits', incidentId: IncidentId.parse(142), failedBefore: null };
      const command = slack.prepare.slashCommand({ ...ALICE, text: 'record 142' });
      await command.send();
      await app.stop();
      const by = { team: 'T0WORKSHOP', user: 'U0ALICE' };
      const requestKey = `slack:T0WORKSHOP:${command.triggerId}`;
      assert.deepEqual(requests.asked, [
        { kind: 'postRecord', request: { incidentIdText: '142', by, channel: 'C0INCIDENTS', requestKey } },
      ]);
      const [{ text } = assert.fail()] = slack.ephemerals('U0ALICE');
      assert.match(text, /^I’ll post the record of incident 142 in its thread/);
    });

    test('`/registry` ignores extra spaces and the case of its verb', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      await slack.slashCommand({ ...ALICE, text: '   Diagnose   git01  ' });
      await app.stop();
      assert.equal(requests.asked[0]?.kind === 'requestDiagnosis' && requests.asked[0].request.hostText, 'git01');
    });

    test('a /registry command that Slack sends twice keeps its request key, so it can’t start two diagnoses', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const command = slack.prepare.slashCommand({ ...ALICE, text: 'diagnose git01' });
      await command.send();
      await command.send({ retry: { number: 1, reason: 'http_timeout' } });
      await app.stop();
      const keys = requests.asked.map(({ request }) => 'requestKey' in request && request.requestKey);
      assert.equal(keys.length, 2);
      assert.equal(new Set(keys).size, 1);
    });

    const USAGES: readonly [text: string, words: RegExp][] = [
      ['help', /^What I can do/],
      ['HELP', /^What I can do/],
      ['diagnose', /^Which host\? For example: \/registry diagnose git01 /],
      ['diagnose git01 now', /^Enter exactly one host name: \/registry diagnose git01 /],
      ['reboot git01', /^Unknown command “reboot”\. What I can do/],
      ['diagnos git01', /^Unknown command “diagnos”\. Did you mean \/registry diagnose\? /],
      ['hosts git01', /^Nothing follows this command: \/registry hosts /],
    ];
    for (const [text, words] of USAGES) {
      test(`/registry "${text}" is answered privately with the usage and starts nothing`, async (context) => {
        const { slack, requests } = await startBench(context, mode);
        await slack.slashCommand({ ...ALICE, text });
        const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
        assert.match(answer.text, words);
        assert.match(answer.text, /\/registry diagnose HOST/);
        assert.match(answer.text, /Hosts: git01 and git02\./);
        assert.deepEqual(requests.asked, []);
        assert.deepEqual(slack.messages('C0INCIDENTS'), []);
      });
    }

    test('`/registry` in a channel without the bot is answered with /invite and starts nothing', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      await slack.slashCommand({ user: 'U0ALICE', channel: 'C0LOUNGE', text: 'diagnose git01' });
      assert.match((await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS)).text, /\/invite @registry-doctor/);
      await slack.slashCommand({ user: 'U0CAROL', channel: 'C0SECRET', text: 'diagnose git01' });
      assert.match((await slack.waitForEphemeral('U0CAROL', any, LIMIT_MS)).text, /\/invite @registry-doctor/);
      assert.deepEqual(requests.asked, []);
    });

    test('`/registry` in a group direct message says where to use it and starts nothing', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      await slack.slashCommand({ user: 'U0ALICE', channel: 'G0GROUP', text: 'diagnose git01' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(answer.text, /^I don’t work in direct messages: .* Nothing was started\./);
      assert.deepEqual([requests.asked, slack.calls('conversations.info')], [[], []]);
    });

    test('a group direct message whose name Slack hides (privategroup) is still recognized as one, and starts no diagnosis', async (context) => {
      const channels = DEFAULT_WORKSPACE.channels.map((one) =>
        one.id === 'G0GROUP' ? { ...one, name: 'privategroup' } : one,
      );
      const { slack, requests } = await startBench(context, mode, { workspace: { ...DEFAULT_WORKSPACE, channels } });
      await slack.slashCommand({ user: 'U0ALICE', channel: 'G0GROUP', text: 'diagnose git01' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(answer.text, /^I don’t work in direct messages/);
      assert.equal(slack.calls('conversations.info')[0]?.answer['needed'], 'mpim:read');
      assert.deepEqual(requests.asked, []);
    });

    test('`/registry` works in a channel as soon as the bot is invited', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      await slack.slashCommand({ user: 'U0ALICE', channel: 'C0LOUNGE', text: 'diagnose git01' });
      await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      slack.changeChannel('C0LOUNGE', { members: ['U0ALICE', slack.workspace.app.botUserId] });
      await slack.slashCommand({ user: 'U0ALICE', channel: 'C0LOUNGE', text: 'diagnose git01' });
      await app.stop();
      assert.equal(requests.asked.length, 1);
    });

    test('the bot asks Slack once about a channel, however many people request a diagnosis in it', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ask = () => slack.slashCommand({ ...ALICE, text: 'diagnose git01' });
      await Promise.all(Array.from({ length: 20 }, ask));
      await app.stop();
      assert.equal(requests.asked.length, 20);
      assert.equal(slack.calls('conversations.info').length, 1);
    });

    test('`/registry diagnose` runs even if Slack can’t say whether the bot is in the channel', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      slack.rateLimit('conversations.info', 30, 1);
      await slack.slashCommand({ ...ALICE, text: 'diagnose git01' });
      await app.stop();
      assert.equal(requests.asked.length, 1);
    });

    test('`/registry diagnose` of an unknown host is answered privately with the most similar host names', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      const host = HostName.parse('git01');
      requests.answer = { kind: 'unknown-host', asked: 'git1', nearest: [host], known: [host] };
      await slack.slashCommand({ ...ALICE, text: 'diagnose git1' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.equal(answer.text, 'There’s no host git1 in the config. Did you mean git01?');
    });

    test('an answer that quotes typed text mentions no one and links nothing', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      const asked = '<!channel>';
      requests.answer = { kind: 'unknown-host', asked, nearest: [], known: [] };
      await slack.slashCommand({ ...ALICE, text: `diagnose ${asked}` });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(answer.text, /^There’s no host &lt;!channel&gt; in the config, and no other /);
    });

    test('`/registry` is acknowledged at once even while 50 other commands are running', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const release = Promise.withResolvers<void>();
      requests.before = () => release.promise;
      const ask = () => slack.slashCommand({ ...ALICE, text: 'diagnose git01' });
      const results = await Promise.all(Array.from({ length: 51 }, ask));
      assert.deepEqual(
        results.filter(({ failure }) => failure !== null),
        [],
      );
      release.resolve();
      assert.equal(await app.stop(), true);
      assert.equal(requests.asked.length, 51);
    });

    test('a person whose command fails gets an answer, and the log has the reason', async (context) => {
      const { slack, requests, logged } = await startBench(context, mode);
      requests.before = () => Promise.reject(new Error('the disk is full'));
      await slack.slashCommand({ ...ALICE, text: 'diagnose git01' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(answer.text, /^Something went wrong, and I don’t know/);
      assert.ok(logged.some((line) => line.includes('the disk is full')));
    });

    test('the bot’s stop waits for commands that are still running', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const release = Promise.withResolvers<void>();
      requests.before = () => release.promise;
      requests.answer = {
        kind: 'already-diagnosing',
        host: HostName.parse('git01'),
        incidentId: IncidentId.parse(142),
      };
      await slack.slashCommand({ ...ALICE, text: 'diagnose git01' });
      const stopped = app.stop();
      assert.equal(await Promise.race([stopped, sleep(200, 'still at work')]), 'still at work');
      release.resolve();
      assert.equal(await stopped, true);
      assert.match(slack.ephemerals('U0ALICE')[0]?.text ?? '', /^git01 is already being diagnosed \(incident 142\)\./);
      assert.equal((await slack.slashCommand({ ...ALICE, text: 'help' })).failure, 'dispatch_failed');
    });
  });
}
