import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLog } from '../../../src/log.ts';
import { GroupId, TeamId, UserId } from '../../../src/model/record/ids.ts';
import type { SlackStandInOptions } from '../../../src/playground/slack/slack-stand-in.ts';
import { DEFAULT_WORKSPACE } from '../../../src/playground/slack/workspace.ts';
import { createSlackClients } from '../../../src/slack/connection/slack-clients.ts';
import { readerWords } from '../../../src/slack/people/reader-words.ts';
import { SlackDirectory } from '../../../src/slack/people/slack-directory.ts';
import { english } from '../../support/words/english.ts';
import { startSlack } from '../start-slack.ts';

const APPROVERS = GroupId.parse('S0APPROVERS');
const NO_SUCH = GroupId.parse('S0NOSUCH');
const HERE = TeamId.parse('T0WORKSHOP');
const BOB = UserId.parse('U0BOB');
const ALICE = UserId.parse('U0ALICE');

test('the bot counts exactly the members of a Slack user group as its members', async (context) => {
  const { directory } = await start(context);
  assert.deepEqual(await directory.isMember(BOB, [APPROVERS]), { kind: 'yes' });
  assert.deepEqual(await directory.isMember(ALICE, [APPROVERS]), { kind: 'no' });
  assert.deepEqual(await directory.isMember(BOB, []), { kind: 'no' });
});

test('membership in one of several Slack user groups is enough, even if another group can’t be read', async (context) => {
  const { directory } = await start(context);
  assert.deepEqual(await directory.isMember(BOB, [NO_SUCH, APPROVERS]), { kind: 'yes' });
  assert.equal((await directory.isMember(ALICE, [NO_SUCH, APPROVERS])).kind, 'unknown');
});

test('group membership is unknown, with the reason, while Slack can’t say, and is asked again next time', async (context) => {
  const { slack, directory } = await start(context);
  slack.failNext('usergroups.users.list', 'internal_error');
  assert.deepEqual(await directory.isMember(BOB, [APPROVERS]), {
    kind: 'unknown',
    why: { kind: 'refused', code: 'internal_error' },
  });
  assert.deepEqual(await directory.isMember(BOB, [APPROVERS]), { kind: 'yes' });
});

test('group membership is unknown if the bot has no scope to read it', async (context) => {
  const { directory } = await start(context, { scopes: ['chat:write'] });
  assert.deepEqual(await directory.isMember(BOB, [APPROVERS]), {
    kind: 'unknown',
    why: { kind: 'refused', code: 'missing_scope' },
  });
});

test('the bot asks Slack for a group’s members at most once in 30 seconds', async (context) => {
  let now = 0;
  const { slack, directory } = await start(context, {}, () => now);
  await Promise.all([directory.isMember(BOB, [APPROVERS]), directory.isMember(ALICE, [APPROVERS])]);
  now = 29_999;
  await directory.isMember(BOB, [APPROVERS]);
  assert.equal(slack.calls('usergroups.users.list').length, 1);
  now = 30_000;
  await directory.isMember(BOB, [APPROVERS]);
  assert.equal(slack.calls('usergroups.users.list').length, 2);
});

const PEOPLE: readonly [user: string, team: string, answer: 'yes' | 'no', who: string][] = [
  ['U0BOB', 'T0WORKSHOP', 'yes', 'a member'],
  ['U0GUEST', 'T0WORKSHOP', 'no', 'a guest'],
  ['U0ONEROOM', 'T0WORKSHOP', 'no', 'a guest of one channel'],
  ['U0GONE', 'T0WORKSHOP', 'no', 'somebody deactivated'],
  ['U0OTHERBOT', 'T0WORKSHOP', 'no', 'a bot'],
  ['U0STRANGER', 'T0ELSEWHERE', 'no', 'somebody of another workspace'],
  ['U0STRANGER', 'T0WORKSHOP', 'no', 'somebody of another workspace who claims to be of ours'],
  ['U0BOB', 'T0ELSEWHERE', 'no', 'a known id under another workspace'],
];
for (const [user, team, answer, who] of PEOPLE) {
  test(`the bot counts ${who} as ${answer === 'yes' ? 'a' : 'not a'} full member of the workspace`, async (context) => {
    const { directory } = await start(context);
    const person = { team: TeamId.parse(team), user: UserId.parse(user) };
    assert.deepEqual(await directory.isFullMember(person), { kind: answer });
  });
}

const GRID: readonly [teams: readonly string[], from: string, answer: 'yes' | 'no', who: string][] = [
  [['T0ELSEWHERE', 'T0WORKSHOP'], 'T0ELSEWHERE', 'yes', 'a member of ours whose home is another workspace'],
  [['T0ELSEWHERE'], 'T0ELSEWHERE', 'no', 'a member of another workspace only'],
  [['T0WORKSHOP'], 'T0ELSEWHERE', 'no', 'somebody who clicks from a workspace that the account is not in'],
];
for (const [enterpriseTeams, from, answer, who] of GRID) {
  test(`on Enterprise Grid the bot counts ${who} as ${answer === 'yes' ? 'a' : 'not a'} full member of the workspace`, async (context) => {
    const users = DEFAULT_WORKSPACE.users.map((user) =>
      user.id === BOB ? { ...user, teamId: 'T0ELSEWHERE', enterpriseTeams } : user,
    );
    const { directory } = await start(context, { workspace: { ...DEFAULT_WORKSPACE, users } });
    assert.deepEqual(await directory.isFullMember({ team: TeamId.parse(from), user: BOB }), { kind: answer });
  });
}

for (const method of ['auth.test', 'users.info']) {
  test(`the bot does not know who is a full member if ${method} fails`, async (context) => {
    const { slack, directory } = await start(context);
    slack.failNext(method, 'internal_error');
    const bob = { team: HERE, user: BOB };
    assert.deepEqual(await directory.isFullMember(bob), {
      kind: 'unknown',
      why: { kind: 'refused', code: 'internal_error' },
    });
    assert.deepEqual(await directory.isFullMember(bob), { kind: 'yes' });
  });
}

test('during a Slack outage the bot does not know anyone’s memberships', async (context) => {
  const { slack, directory } = await start(context);
  await slack.outage('refused');
  assert.equal((await directory.isMember(BOB, [APPROVERS])).kind, 'unknown');
  assert.equal((await directory.isFullMember({ team: HERE, user: BOB })).kind, 'unknown');
});

const LANGUAGES = [
  ['en-US', 'en'],
  ['zh-CN', 'zh-Hans'],
  ['zh-TW', null],
  ['nl-NL', null],
] as const;
for (const [locale, language] of LANGUAGES) {
  test(`the bot’s language for someone whose Slack is in ${locale} is ${language ?? 'not one that the bot has'}`, async (context) => {
    const users = DEFAULT_WORKSPACE.users.map((user) => (user.id === BOB ? { ...user, locale } : user));
    const { directory } = await start(context, { workspace: { ...DEFAULT_WORKSPACE, users } });
    assert.equal(await directory.localeOf(BOB), language);
  });
}

test('the bot learns a person’s membership and language with one request to Slack', async (context) => {
  const { slack, directory } = await start(context);
  await directory.isFullMember({ team: HERE, user: BOB });
  assert.equal(await directory.localeOf(BOB), 'en');
  assert.equal(slack.calls('users.info').length, 1);
});

test('the bot uses the channel’s language if Slack does not say a person’s language in time', async (context) => {
  const { slack, directory } = await start(context);
  slack.failNext('users.info', 'internal_error');
  assert.equal(await directory.localeOf(BOB), null);
  const asked: UserId[] = [];
  const mute = { localeOf: (user: UserId) => new Promise<null>(() => asked.push(user)) };
  assert.equal(await readerWords(mute, 'en')(BOB), english);
  assert.equal(await readerWords(mute, 'en')(null), english);
  assert.deepEqual(asked, [BOB]);
});

async function start(context: TestContext, options?: SlackStandInOptions, now?: () => number) {
  const slack = await startSlack(context, options);
  const log = createLog('silent');
  const { questions } = createSlackClients({ botToken: slack.credentials.botToken, slackApiUrl: slack.apiUrl, log });
  return { slack, directory: new SlackDirectory(questions, now) };
}
