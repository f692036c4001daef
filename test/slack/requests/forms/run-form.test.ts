import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { createLog } from '../../../../src/log.ts';
import type { Review } from '../../../../src/model/plan/decision.ts';
import { ChannelId } from '../../../../src/model/record/ids.ts';
import { ModalView } from '../../../../src/playground/slack/blocks/view.ts';
import type { SlackStandIn, SlackStandInOptions } from '../../../../src/playground/slack/slack-stand-in.ts';
import { createSlackClients } from '../../../../src/slack/connection/slack-clients.ts';
import { SlackMessenger } from '../../../../src/slack/delivery/slack-messenger.ts';
import { formFor } from '../../../../src/slack/requests/forms/form-for.ts';
import { until } from '../../../support/bots/main-job.ts';
import { english } from '../../../support/words/english.ts';
import { BOB as APPROVER, INCIDENT, planMessage } from '../../scenario-messages.ts';
import { LIMIT_MS, startBench } from '../../start-slack.ts';

const CHANNEL = 'C0INCIDENTS';
const BOB = { team: 'T0WORKSHOP', user: 'U0BOB' };
const REVIEW: Review = { needed: 1, approvals: [] };
const ORIGIN = {
  planId: '142-1',
  planHash: planMessage().plan.hash,
  channel: ChannelId.parse(CHANNEL),
  responseUrl: 'https://hooks.slack.example/x',
  threadTs: '1700000000.000100',
};

async function postCard(slack: SlackStandIn): Promise<string> {
  const clients = createSlackClients({
    botToken: slack.credentials.botToken,
    slackApiUrl: slack.apiUrl,
    log: createLog('silent'),
  });
  const delivery = await new SlackMessenger(clients, createLog('silent'), english).deliver({
    key: 'plan:142-1',
    incidentId: INCIDENT,
    placement: 'channel',
    body: planMessage(),
    version: 1,
    channel: ChannelId.parse(CHANNEL),
    ts: null,
    threadTs: null,
    maybePosted: false,
  });
  return delivery.kind === 'delivered' ? delivery.ts : assert.fail(JSON.stringify(delivery));
}

for (const mode of ['http', 'socket'] as const) {
  describe(`a decision that needs a form, over ${mode}`, () => {
    for (const [actionId, kind, typed, request] of [
      [
        'reject_plan',
        'ask-reason',
        '  the disk is on its way \n',
        { verdict: 'rejected', reason: 'the disk is on its way' },
      ],
      ['approve_plan', 'ask-signature', '-----BEGIN', { verdict: 'approved', signature: '-----BEGIN' }],
    ] as const) {
      test(`a click on ${actionId} opens a form whose input becomes part of the decision`, async (context) => {
        const { slack, app, requests } = await startBench(context, mode);
        const { plan } = planMessage();
        requests.asks =
          kind === 'ask-reason'
            ? { kind, plan }
            : { kind, plan, review: REVIEW, document: 'registry-doctor-plan/1\nend\n' };
        const ts = await postCard(slack);
        await slack.click({ user: BOB.user, channel: CHANNEL, ts, actionId });
        await until(() => slack.views(BOB.user).length === 1, 'no form was opened');
        const [open] = slack.views(BOB.user);
        requests.asks = null;
        const result = await slack.submitView({
          user: BOB.user,
          viewId: open?.id ?? '',
          values: { answer: { answer: typed } },
        });
        assert.equal(result.failure, null);
        await app.stop();
        assert.deepEqual(requests.asked.at(-1), {
          kind: 'decide',
          request: { planIdText: '142-1', planHash: planMessage().plan.hash, by: BOB, channel: CHANNEL, ...request },
        });
      });
    }

    test('a form that is sent empty stays open, says what is required and decides nothing', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      requests.asks = { kind: 'ask-reason', plan: planMessage().plan };
      const ts = await postCard(slack);
      await slack.click({ user: BOB.user, channel: CHANNEL, ts, actionId: 'reject_plan' });
      await until(() => slack.views(BOB.user).length === 1, 'no form was opened');
      const viewId = slack.views(BOB.user)[0]?.id ?? '';
      const { body } = await slack.submitView({ user: BOB.user, viewId, values: { answer: { answer: ' \n ' } } });
      assert.match(JSON.stringify(body), /response_action.*errors.*Enter a reason/);
      await app.stop();
      assert.equal(requests.asked.length, 1);
    });

    test('a refusal of a decision made in a form is shown only to the person who sent it', async (context) => {
      const { slack, app, requests } = await startBench(context, mode);
      requests.asks = { kind: 'ask-reason', plan: planMessage().plan };
      const ts = await postCard(slack);
      await slack.click({ user: BOB.user, channel: CHANNEL, ts, actionId: 'reject_plan' });
      await until(() => slack.views(BOB.user).length === 1, 'no form was opened');
      requests.asks = null;
      requests.answer = { kind: 'plan-unknown' };
      const viewId = slack.views(BOB.user)[0]?.id ?? '';
      await slack.submitView({ user: BOB.user, viewId, values: { answer: { answer: 'no' } } });
      await slack.waitForEphemeral(BOB.user, ({ text }) => /can’t find that plan/.test(text), LIMIT_MS);
      await app.stop();
    });
  });
}

/** A form that was sent when its decision fails; what the person then hears. */
async function sentWhereItFails(context: TestContext, options: SlackStandInOptions = {}) {
  const { slack, app, requests } = await startBench(context, 'http', options);
  const { plan } = planMessage();
  requests.asks = { kind: 'ask-signature', plan, review: REVIEW, document: 'registry-doctor-plan/1\nend\n' };
  const ts = await postCard(slack);
  await slack.click({ user: BOB.user, channel: CHANNEL, ts, actionId: 'approve_plan' });
  await until(() => slack.views(BOB.user).length === 1, 'no form was opened');
  requests.before = () => Promise.reject(new Error('database is locked'));
  const viewId = slack.views(BOB.user)[0]?.id ?? '';
  await slack.submitView({ user: BOB.user, viewId, values: { answer: { answer: '-----BEGIN' } } });
  const told = await slack.waitForEphemeral(BOB.user, ({ text }) => /Something went wrong/.test(text), LIMIT_MS);
  await app.stop();
  return told;
}

test('the sender of a form is told if the decision failed', async (context) => {
  assert.equal((await sentWhereItFails(context)).via, 'response_url');
});

test('the sender of a form that was open too long to answer the click still gets an answer', async (context) => {
  assert.equal((await sentWhereItFails(context, { responseUrlLifeMs: -1 })).via, 'chat.postEphemeral');
});

test('the form for a signature says whether the plan runs then, or how many approvals there are', () => {
  const { plan } = planMessage();
  const submitOf = (review: Review, of = plan) =>
    formFor({ kind: 'ask-signature', plan: of, review, document: 'end\n' }, ORIGIN, english).submit?.text;
  const first = { by: APPROVER, at: '2026-11-23T14:04:30.000Z' };
  assert.equal(submitOf(REVIEW), 'Approve and run');
  assert.equal(submitOf({ needed: 2, approvals: [] }), 'Approve (1 of 2)');
  assert.equal(submitOf({ needed: 2, approvals: [first] }), 'Approve and run');
  assert.equal(submitOf(REVIEW, { ...plan, undoes: { id: plan.id, hash: plan.hash } }), 'Approve and run');
});

test('the form for a signature stays within Slack’s limits, however long the text to sign is', () => {
  const { plan } = planMessage();
  for (const lines of [1, 100, 5_000]) {
    const document = `${'path /a\\0040b\n'.repeat(lines)}end\n`;
    const view = formFor({ kind: 'ask-signature', plan, review: REVIEW, document }, ORIGIN, english);
    assert.equal(ModalView.safeParse(view).error, undefined);
    assert.equal(JSON.stringify(view).includes('path /a'), document.length <= 9_000);
  }
  assert.equal(ModalView.safeParse(formFor({ kind: 'ask-reason', plan }, ORIGIN, english)).error, undefined);
});
