import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { ChannelId, GroupId, HostName, UserId } from '../../../src/model/record/ids.ts';
import type { ThreadMessage } from '../../../src/model/record/messages/thread-message.ts';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_SCOPES } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { type FileSources, NO_FILES } from '../../../src/slack/delivery/make-file.ts';
import { SlackMessenger } from '../../../src/slack/delivery/slack-messenger.ts';
import type { WordsOf } from '../../../src/slack/people/reader-words.ts';
import { english } from '../../support/words/english.ts';
import { pseudo } from '../../support/words/pseudo-locale.ts';
import { executionMessage, INCIDENT, planMessage, staleOutcome, statusMessage } from '../scenario-messages.ts';
import { LIMIT_MS, startBench } from '../start-slack.ts';

const CHANNEL = 'C0INCIDENTS';
const any = () => true;

for (const mode of ['http', 'socket'] as const) {
  describe(`buttons over ${mode}`, () => {
    for (const [actionId, verdict] of [
      ['approve_plan', 'approved'],
      ['reject_plan', 'rejected'],
    ] as const) {
      test(`a click on ${actionId} passes on the plan's id, the verdict and who clicked`, async (context) => {
        const { slack, app, requests } = await startBench(context, mode);
        const ts = await postInThread(slack, planMessage());
        const result = await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId });
        assert.equal(result.failure, null);
        await app.stop();
        assert.deepEqual(requests.asked, [
          {
            kind: 'decide',
            request: {
              planIdText: '142-1',
              planHash: planMessage().plan.hash,
              verdict,
              by: { team: 'T0WORKSHOP', user: 'U0BOB' },
              channel: CHANNEL,
            },
          },
        ]);
      });
    }

    test('post_record passes on the incident and who clicked', async (context) => {
      const { slack, app, requests } = await startBench(context, mode, { scopes: [...DEFAULT_SCOPES, 'files:write'] });
      const ended = statusMessage({ resolvedAt: '2026-11-23T14:06:15.000Z' });
      const ts = await postInThread(slack, ended, { canPost: () => true });
      const click = slack.prepare.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'post_record' });
      assert.equal((await click.send()).failure, null);
      await app.stop();
      assert.ok(app.canPostFiles());
      const by = { team: 'T0WORKSHOP', user: 'U0BOB' };
      const requestKey = `slack:T0WORKSHOP:${click.triggerId}`;
      assert.deepEqual(requests.asked, [
        { kind: 'postRecord', request: { incidentIdText: '142', by, channel: CHANNEL, requestKey } },
      ]);
    });

    test('a click on a button of another bot version is acknowledged and answered privately', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      const { questions } = createSlackClients({
        botToken: slack.credentials.botToken,
        slackApiUrl: slack.apiUrl,
        log: createLog('silent'),
      });
      const button = { type: 'button', action_id: 'explode_plan', text: { type: 'plain_text', text: 'Go' } } as const;
      const { ts = '' } = await questions.chat.postMessage({
        channel: CHANNEL,
        text: 'Old card',
        blocks: [{ type: 'actions', elements: [button] }],
      });
      const result = await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'explode_plan' });
      assert.equal(result.failure, null);
      const answer = await slack.waitForEphemeral('U0BOB', any, LIMIT_MS);
      assert.match(answer.text, /^This button belongs to another version of Registry Doctor\. Nothing was done\./);
      assert.deepEqual(requests.asked, []);
    });

    test("withdraw_plan passes on the plan's id and hash, and who clicked", async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ts = await postInThread(slack, planMessage());
      await slack.click({ user: 'U0ALICE', channel: CHANNEL, ts, actionId: 'withdraw_plan' });
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'withdraw',
          request: {
            planIdText: '142-1',
            planHash: planMessage().plan.hash,
            by: { team: 'T0WORKSHOP', user: 'U0ALICE' },
            channel: CHANNEL,
          },
        },
      ]);
    });

    test('acknowledge passes on the id of the incident and who clicked', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ts = await postInThread(slack, statusMessage());
      await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'acknowledge' });
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'acknowledge',
          request: { incidentIdText: '142', by: { team: 'T0WORKSHOP', user: 'U0BOB' }, channel: CHANNEL },
        },
      ]);
    });

    test("a click on the narrower option passes on the plan's id and hash, and who clicked", async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ts = await postInThread(slack, planMessage());
      await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'use_narrower' });
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'chooseNarrower',
          request: {
            planIdText: '142-1',
            planHash: planMessage().plan.hash,
            by: { team: 'T0WORKSHOP', user: 'U0BOB' },
            channel: CHANNEL,
          },
        },
      ]);
    });

    test('a click on "Diagnose again" passes on the incident’s id and a new request key', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ts = await postInThread(slack, executionMessage(staleOutcome()));
      const click = slack.prepare.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'diagnose_again' });
      await click.send();
      await app.stop();
      assert.deepEqual(requests.asked, [
        {
          kind: 'diagnoseAgain',
          request: {
            incidentIdText: '142',
            by: { team: 'T0WORKSHOP', user: 'U0BOB' },
            channel: CHANNEL,
            requestKey: `slack:T0WORKSHOP:${click.triggerId}`,
          },
        },
      ]);
    });

    test('a click by a person of another workspace carries that person’s workspace, not the bot’s', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      const ts = await postInThread(slack, planMessage());
      await slack.click({ user: 'U0STRANGER', channel: CHANNEL, ts, actionId: 'approve_plan' });
      await app.stop();
      assert.deepEqual(requests.asked[0]?.request.by, { team: 'T0ELSEWHERE', user: 'U0STRANGER' });
    });

    test('the answer to a click is private, in the thread, and does not change the card', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      requests.answer = {
        kind: 'own-plan',
        askedFor: 'diagnosis',
        host: HostName.parse('git01'),
        approvers: [UserId.parse('U0BOB')],
        approverGroups: [GroupId.parse('S0APPROVERS')],
      };
      const ts = await postInThread(slack, planMessage());
      await slack.click({ user: 'U0ALICE', channel: CHANNEL, ts, actionId: 'approve_plan' });
      const answer = await slack.waitForEphemeral('U0ALICE', any, LIMIT_MS);
      assert.match(
        answer.text,
        /^You requested this diagnosis, so someone else has to approve the fix\. Nothing was changed\./,
      );
      assert.match(answer.text, /Approvers: <@U0BOB> and <!subteam\^S0APPROVERS>\./);
      const threadTs = slack.messages(CHANNEL)[0]?.ts ?? '';
      assert.equal(answer.threadTs, threadTs);
      assert.deepEqual(
        slack.thread(CHANNEL, threadTs).map(({ versions }) => versions.length),
        [1, 1],
      );
    });

    test('private answers and forms are in the language of the person who clicked', async (context) => {
      const wordsOf: WordsOf = async (user) => (user === 'U0BOB' ? pseudo : english);
      const { slack, requests } = await startBench(context, mode, {}, wordsOf);
      const ts = await postInThread(slack, planMessage());
      requests.answer = { kind: 'plan-unknown' };
      await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'approve_plan' });
      await slack.click({ user: 'U0CAROL', channel: CHANNEL, ts, actionId: 'approve_plan' });
      assert.match((await slack.waitForEphemeral('U0BOB', any, LIMIT_MS)).text, /^［I ćáń’ţ ƒíńđ ţĥáţ ṕĺáń/);
      assert.match((await slack.waitForEphemeral('U0CAROL', any, LIMIT_MS)).text, /^I can’t find that plan\./);
    });

    test('the bot sends a private answer again if Slack refuses it at first', async (context) => {
      const { slack, requests } = await startBench(context, mode);
      requests.answer = { kind: 'plan-unknown' };
      const ts = await postInThread(slack, planMessage());
      const waiting = Promise.withResolvers<void>();
      requests.before = () => waiting.promise;
      await slack.click({ user: 'U0BOB', channel: CHANNEL, ts, actionId: 'approve_plan' });
      await slack.outage('http-503');
      waiting.resolve();
      setTimeout(() => void slack.outage(null), 200);
      assert.match((await slack.waitForEphemeral('U0BOB', any, LIMIT_MS)).text, /^I can’t find that plan\./);
    });
  });
}

/** A card in the incident's thread, as the bot posts it; its `ts`. */
async function postInThread(
  slack: SlackStandIn,
  body: ThreadMessage,
  files: Partial<FileSources> = {},
): Promise<string> {
  const log = createLog('silent');
  const clients = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  const messenger = new SlackMessenger(clients, log, english, { ...NO_FILES, ...files });
  const base = { incidentId: INCIDENT, version: 1, channel: ChannelId.parse(CHANNEL), ts: null, maybePosted: false };
  const status = await messenger.deliver({
    ...base,
    key: 's',
    placement: 'channel',
    body: body.kind === 'status' ? body : statusMessage(),
    threadTs: null,
  });
  assert.ok(status.kind === 'delivered');
  if (body.kind === 'status') return status.ts;
  const card = await messenger.deliver({ ...base, key: 'c', placement: 'thread', body, threadTs: status.ts });
  assert.ok(card.kind === 'delivered');
  return card.ts;
}
