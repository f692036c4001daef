import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../../src/log.ts';
import { ChannelId, GroupId, UserId } from '../../src/model/record/ids.ts';
import type { SlackStandIn } from '../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_SCOPES } from '../../src/playground/slack/start-slack-stand-in.ts';
import { DEFAULT_WORKSPACE } from '../../src/playground/slack/workspace.ts';
import { checkSlack, type SlackCheckOptions } from '../../src/slack/check-slack.ts';
import { english } from '../support/words/english.ts';
import { startSlack } from './start-slack.ts';

const TOKEN_REFUSED =
  'Slack rejected the bot token (invalid_auth). Copy it again from OAuth & Permissions at api.slack.com/apps into SLACK_BOT_TOKEN.';

test('check lists for Slack, per line, what was tested and the result', async (context) => {
  const slack = await startSlack(context);
  assert.deepEqual(await check(slack), [
    { what: 'Slack: bot token', result: 'ok', detail: 'registry-doctor in the workspace Workshop' },
    { what: 'Slack: scopes of the bot token', result: 'ok', detail: 'all that are needed' },
    {
      what: 'Slack: files (optional)',
      result: 'ok',
      detail:
        'files:write is not granted: no pictures and no record in the thread, and a plan that is too long for a card can’t be approved in Slack. To get them, add the scope as in manifest.yml, then install the app again',
    },
    { what: 'Slack: app token (Socket Mode)', result: 'ok', detail: 'Slack opens a connection' },
    { what: 'Slack: incident channel', result: 'ok', detail: 'the bot is in #registry-incidents' },
    { what: 'Slack: blocks of the cards', result: 'ok', detail: 'Slack takes all of them' },
    { what: 'Slack: channel C0OPS', result: 'ok', detail: 'the bot is in #ops' },
    { what: 'Slack: user U0BOB', result: 'ok', detail: 'active workspace member' },
    { what: 'Slack: user group S0APPROVERS', result: 'ok', detail: '2 members' },
  ]);
});

test('the scope for files is optional, and its line says what it gives', async (context) => {
  const slack = await startSlack(context, { scopes: [...DEFAULT_SCOPES, 'files:write'] });
  const files = (await check(slack)).find(({ what }) => what.includes('files'));
  assert.deepEqual(
    [files?.result, files?.detail],
    ['ok', 'pictures, the record and plans that are too long for a card are posted as files'],
  );
});

const REFUSALS: readonly [refused: string, reported: string][] = [
  ['container', 'container'],
  ['actions', 'actions'],
  ['rich_text', 'rich_text'],
  ['table', 'table'],
  ['confirm', 'actions'],
  ['style', 'rich_text (invalid_blocks), actions'],
  ['user', 'rich_text'],
  ['usergroup', 'rich_text'],
];
for (const [refusedBlock, reported] of REFUSALS) {
  test(`check reports the kinds of blocks that a Slack refuses that takes no ${refusedBlock}, after at most ten calls`, async (context) => {
    const slack = await startSlack(context, { refusedBlock });
    const cards = (await check(slack)).find(({ what }) => what.includes('blocks'));
    assert.deepEqual(
      [cards?.result, cards?.detail.split(':')[0]],
      ['failed', `Slack refuses ${reported} (invalid_blocks)`],
    );
    const calls = slack.calls('blocks.validate').length;
    assert.ok(calls <= 10, `${calls} calls`);
  });
}

test('check has Slack validate a card as a whole, and posts none', async (context) => {
  const slack = await startSlack(context);
  await check(slack);
  assert.equal(slack.calls('blocks.validate').length, 3);
  assert.equal(slack.calls('chat.postMessage').length, 0);
});

test('check reports the kinds on a card that Slack refuses although it takes each of its blocks', async (context) => {
  const slack = await startSlack(context);
  slack.failNext('blocks.validate', 'msg_blocks_too_long');
  const cards = (await check(slack)).find(({ what }) => what.includes('blocks'));
  assert.match(cards?.detail ?? '', /^Slack refuses rich_text \+ actions \+ container \(msg_blocks_too_long\):/);
});

test('check says that blocks were not tested if Slack can’t validate them', async (context) => {
  const slack = await startSlack(context, { lackingMethods: ['blocks.validate'] });
  const cards = (await check(slack)).find(({ what }) => what.includes('blocks'));
  assert.deepEqual([cards?.result, cards?.detail], ['skipped', 'not tested: this Slack has no method blocks.validate']);
});

test('check tests no app token for a config in HTTP mode', async (context) => {
  const slack = await startSlack(context);
  const results = await check(slack, { appToken: null });
  assert.ok(!results.some(({ what }) => what.includes('app token')));
});

test('check stops testing Slack after a wrong bot token, and says so', async (context) => {
  const slack = await startSlack(context);
  const results = await check(slack, { botToken: 'xoxb-wrong' });
  assert.deepEqual(results[0], { what: 'Slack: bot token', result: 'failed', detail: TOKEN_REFUSED });
  const others = results.filter(({ what }) => /channel|user/.test(what));
  assert.equal(others.length, 4);
  for (const one of others)
    assert.deepEqual([one.result, one.detail], ['skipped', 'an earlier check failed'], one.what);
});

test('check says that it did not check people if Slack does not name the token’s workspace', async (context) => {
  const team = { ...DEFAULT_WORKSPACE.team, id: 'not-an-id' };
  const slack = await startSlack(context, { workspace: { ...DEFAULT_WORKSPACE, team } });
  const skipped = (await check(slack)).filter(({ result }) => result !== 'ok');
  assert.deepEqual(skipped, [
    {
      what: 'Slack: user U0BOB',
      result: 'skipped',
      detail: 'not tried: Slack did not say which workspace the bot token belongs to',
    },
  ]);
});

test('check names a missing Slack scope and what to do', async (context) => {
  const slack = await startSlack(context, { scopes: ['commands', 'chat:write', 'channels:read', 'users:read'] });
  const scopes = (await check(slack)).find(({ what }) => what.includes('scopes'));
  assert.equal(scopes?.result, 'failed');
  assert.equal(
    scopes?.detail,
    'missing: app_mentions:read, groups:read, channels:history, groups:history, usergroups:read. Add them as in manifest.yml, then install the app again',
  );
});

const WRONG: readonly [name: string, change: Partial<SlackCheckOptions>, detail: RegExp][] = [
  [
    'a wrong app token',
    { appToken: 'xapp-wrong' },
    /^Slack rejected the app token \(invalid_auth\)\. Copy it again .* into SLACK_APP_TOKEN\.$/,
  ],
  ['a channel that is not there', { incidentChannel: ChannelId.parse('C0NOSUCH') }, /no such channel/],
  ['a channel without the bot', { incidentChannel: ChannelId.parse('C0LOUNGE') }, /not in #lounge: type \/invite/],
  ['an archived channel', { incidentChannel: ChannelId.parse('C0ARCHIVE') }, /#old-incidents is archived/],
  ['a channel of a policy without the bot', { channels: [ChannelId.parse('C0LOUNGE')] }, /not in #lounge/],
  [
    'an approver who is a guest',
    { people: { users: [UserId.parse('U0GUEST')], groups: [] } },
    /^not an active workspace member/,
  ],
  ['a user who does not exist', { people: { users: [UserId.parse('U0NOSUCH')], groups: [] } }, /user_not_found/],
  ['a group that does not exist', { people: { users: [], groups: [GroupId.parse('S0NOSUCH')] } }, /no_such_subteam/],
];
for (const [name, change, detail] of WRONG) {
  test(`check reports ${name} and still runs the other Slack checks`, async (context) => {
    const slack = await startSlack(context);
    const failed = (await check(slack, change)).filter(({ result }) => result !== 'ok');
    assert.equal(failed.length, 1);
    assert.match(failed[0]?.detail ?? '', detail);
  });
}

test('check stops testing Slack if Slack is unreachable, and says so', async (context) => {
  const slack = await startSlack(context);
  await slack.outage('refused');
  const results = await check(slack);
  assert.deepEqual(
    results.map(({ result }) => result),
    ['failed', 'failed', 'skipped', 'skipped', 'skipped', 'skipped', 'skipped'],
  );
  assert.match(
    results[0]?.detail ?? '',
    /^no answer from Slack: .*\. Check DNS on this machine, .*HTTPS to slack\.com/,
  );
});

function check(slack: SlackStandIn, change: Partial<SlackCheckOptions> = {}) {
  return checkSlack({
    words: english,
    slackApiUrl: slack.apiUrl,
    botToken: slack.credentials.botToken,
    appToken: slack.credentials.appToken,
    incidentChannel: ChannelId.parse('C0INCIDENTS'),
    channels: [ChannelId.parse('C0OPS'), ChannelId.parse('C0INCIDENTS')],
    people: { users: [UserId.parse('U0BOB')], groups: [GroupId.parse('S0APPROVERS')] },
    log: createLog('silent'),
    ...change,
  });
}
