import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { type ModalView, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { SlackStandIn } from '../../../src/playground/slack/slack-stand-in.ts';
import { startSlackStandIn } from '../../../src/playground/slack/start-slack-stand-in.ts';
import { Triggers } from '../../../src/playground/slack/stores/triggers.ts';
import { SILENT } from './silent-logger.ts';

let slack: SlackStandIn;
let client: WebClient;

beforeEach(async () => {
  slack = await startSlackStandIn();
  client = new WebClient(slack.credentials.botToken, { slackApiUrl: slack.apiUrl, logger: SILENT });
});

afterEach(() => slack.close());

const plain = (text: string) => ({ type: 'plain_text' as const, text });

function modal(title = 'Reject', privateMetadata = '142-1'): ModalView {
  const element = { type: 'plain_text_input' as const, action_id: 'reason' };
  return {
    type: 'modal',
    callback_id: 'reject_reason',
    private_metadata: privateMetadata,
    title: plain(title),
    submit: plain('Send'),
    blocks: [{ type: 'input', block_id: 'why', label: plain('Why?'), element }],
  };
}

function trigger(): string {
  return slack.prepare.slashCommand({ user: 'U0BOB', channel: 'C0OPS', text: 'x' }).triggerId;
}

test('in the stand-in Slack a trigger id opens one view, for the person who caused it', async () => {
  const triggerId = trigger();
  const { view } = await client.views.open({ trigger_id: triggerId, view: modal() });
  assert.deepEqual(
    slack.views('U0BOB').map(({ id }) => id),
    [view?.id],
  );
  await assert.rejects(client.views.open({ trigger_id: triggerId, view: modal() }), /exchanged_trigger_id/);
});

test('in the stand-in Slack a trigger id expires after three seconds', (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const triggers = new Triggers();
  const [early, late] = [triggers.issue('U0BOB'), triggers.issue('U0BOB')];
  context.mock.timers.tick(3000);
  assert.deepEqual(triggers.use(early), { kind: 'user', userId: 'U0BOB' });
  context.mock.timers.tick(1);
  assert.deepEqual(triggers.use(late), { kind: 'refused', error: 'expired_trigger_id' });
});

test('the stand-in Slack refuses a view beyond Slack’s limits and says which part is wrong', async () => {
  const places = [
    [modal('x'.repeat(25)), 'must be less than 25 characters [json-pointer:/view/title/text]'],
    [modal('x', 'y'.repeat(3001)), 'must be less than 3001 characters [json-pointer:/view/private_metadata]'],
  ] as const;
  for (const [view, message] of places) {
    const error = await client.views.open({ trigger_id: trigger(), view }).catch((reason: unknown) => reason);
    assert.deepEqual(Refusal.parse(error).data, { error: 'invalid_arguments', errors: [message] });
  }
});

test('a menu has options or groups, at most 100 of each, and not both', async () => {
  const option = { text: plain('git01'), value: 'git01' };
  const group = { label: plain('Hosts'), options: [option] };
  const open = (menu: object) => {
    const element = { type: 'static_select', action_id: 'host', ...menu };
    const blocks = [{ type: 'input', block_id: 'why', label: plain('Why?'), element }];
    return client.apiCall('views.open', { trigger_id: trigger(), view: { ...modal(), blocks } });
  };
  await open({ options: [option] });
  await open({ option_groups: [group] });
  const wrong = [
    {},
    { options: [option], option_groups: [group] },
    { options: Array.from({ length: 101 }, () => option) },
    { option_groups: Array.from({ length: 101 }, () => group) },
  ];
  for (const menu of wrong) await assert.rejects(open(menu), /invalid_arguments/);
});

test('a home tab is published for one person, within its limits, and an old hash is refused', async () => {
  const block = { type: 'header' as const, text: plain('Hosts') };
  const publish = (blocks: number, hash?: string) =>
    client.views.publish({
      user_id: 'U0BOB',
      view: { type: 'home', blocks: Array.from({ length: blocks }, () => block) },
      ...(hash === undefined ? {} : { hash }),
    });
  assert.equal(slack.home('U0BOB'), null);
  const { view } = await publish(100);
  assert.deepEqual([slack.home('U0BOB')?.view.blocks.length, slack.home('U0CAROL')], [100, null]);
  await publish(1, view?.hash);
  await assert.rejects(publish(2, view?.hash), /hash_conflict/);
  await assert.rejects(publish(101), /invalid_arguments/);
  await assert.rejects(
    client.views.publish({ user_id: 'U0NOSUCH', view: { type: 'home', blocks: [] } }),
    /invalid_arguments/,
  );
});

test('Slack tells a bot of mentions only with the scope and in its own channels', async (context) => {
  const mention = { user: 'U0ALICE', text: '@registry-doctor help' };
  assert.throws(() => slack.prepare.mention({ ...mention, channel: 'C0LOUNGE' }), /the bot is not in #lounge/);
  const deaf = await startSlackStandIn({ scopes: ['commands', 'chat:write'] });
  context.after(() => deaf.close());
  assert.throws(() => deaf.prepare.mention({ ...mention, channel: 'C0OPS' }), /app_mentions:read/);
  const { eventId } = slack.prepare.mention({ ...mention, channel: 'C0OPS' });
  assert.match(eventId, /^Ev/);
  assert.equal(slack.messages('C0OPS')[0]?.text, '<@U0DOCTOR> help');
});

const Refusal = z.object({ data: z.object({ error: z.string(), errors: z.array(z.string()) }) });

test('the stand-in Slack refuses a view update with an outdated hash', async () => {
  const { view } = await client.views.open({ trigger_id: trigger(), view: modal() });
  const target = { view_id: view?.id ?? '', hash: view?.hash ?? '' };
  await client.views.update({ ...target, view: modal('Still reject') });
  await assert.rejects(client.views.update({ ...target, view: modal() }), /hash_conflict/);
  assert.equal(slack.views('U0BOB')[0]?.view.title.text, 'Still reject');
});

test('the stand-in Slack sends form input to the bot with the view that it was typed into', async () => {
  const seen: unknown[] = [];
  const { botToken, signingSecret } = slack.credentials;
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR });
  const clientOptions = { slackApiUrl: slack.apiUrl };
  const app = new App({ receiver, token: botToken, clientOptions, logLevel: LogLevel.ERROR });
  app.view('reject_reason', async ({ ack, body, view }) => {
    seen.push([body.user.id, view.private_metadata, view.state.values['why']?.['reason']?.value]);
    await ack({ response_action: 'errors', errors: { why: 'too short' } });
  });
  const server = await app.start(0);
  try {
    const address = 'address' in server ? server.address() : null;
    assert.ok(typeof address === 'object' && address !== null);
    slack.deliverTo(`http://127.0.0.1:${address.port}/slack/events`);
    const { view } = await client.views.open({ trigger_id: trigger(), view: modal() });
    const values = { why: { reason: 'no' } };
    const result = await slack.submitView({ user: 'U0BOB', viewId: view?.id ?? '', values });
    assert.deepEqual(seen, [['U0BOB', '142-1', 'no']]);
    assert.deepEqual(result.body, { response_action: 'errors', errors: { why: 'too short' } });
  } finally {
    await app.stop();
  }
});
