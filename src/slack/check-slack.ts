import { WebClient } from '@slack/web-api';
import { type ChannelId, type GroupId, TeamId } from '../model/record/ids.ts';
import type { People } from '../model/settings/settings.ts';
import type { Words } from '../words/index.ts';
import type { Log } from '../workflow/ports/bot.ts';
import type { Person } from '../workflow/requests.ts';
import { checkCards } from './check-cards.ts';
import { BOT_SCOPES, OPTIONAL_BOT_SCOPES } from './connection/scopes.ts';
import { clientOptions } from './connection/slack-clients.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './connection/slack-failure.ts';
import { SlackDirectory } from './people/slack-directory.ts';

/** One test with a real call, or one that could not be made. */
export type SlackCheckResult = {
  readonly what: string;
  readonly result: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
};

export type SlackCheckOptions = {
  readonly slackApiUrl: string;
  readonly botToken: string;
  /** Null over HTTP, which has none. */
  readonly appToken: string | null;
  readonly incidentChannel: ChannelId;
  /** Everyone whom the policies name, and every channel. */
  readonly people: People;
  readonly channels: readonly ChannelId[];
  readonly log: Log;
  readonly words: Words;
};

type Finding = Pick<SlackCheckResult, 'result' | 'detail'>;

/** Tests everything that the bot needs from Slack, each with a real call. Never rejects. */
export async function checkSlack(options: SlackCheckOptions): Promise<readonly SlackCheckResult[]> {
  const { words } = options;
  const client = new WebClient(options.botToken, clientOptions(options.slackApiUrl, options.log));
  const token = await checkToken(client, words);
  const appToken = options.appToken === null ? [] : [await checkAppToken(options, options.appToken)];
  const rest = restOf(options, client, token.team);
  const skip = ({ what }: Tried) => ({ what, result: 'skipped' as const, detail: words.check.CHECKS.earlierFailed });
  const others = token.isGood ? await Promise.all(rest.map((one) => tried(one, words))) : rest.map(skip);
  return [...token.results, ...appToken, ...others];
}

/** A check by its name, with its call, which can reject with Slack's answer. */
type Tried = { readonly what: string; readonly check: () => Promise<Finding> };

/** Everyone and every channel that the bot has to find. `team`: the workspace. Null: Slack did not name it. */
function restOf(options: SlackCheckOptions, client: WebClient, team: TeamId | null): readonly Tried[] {
  const { words, incidentChannel, people } = options;
  const { SLACK_CHECKS } = words.slackCheck;
  const directory = new SlackDirectory(client);
  const others = options.channels.filter((id) => id !== incidentChannel);
  return [
    { what: SLACK_CHECKS.incidentChannel, check: () => checkChannel(client, incidentChannel, words) },
    { what: SLACK_CHECKS.cards, check: () => checkCards(client, people, words) },
    ...others.map((id) => ({ what: SLACK_CHECKS.channel(id), check: () => checkChannel(client, id, words) })),
    ...people.users.map((user) => ({
      what: SLACK_CHECKS.user(user),
      check: async () => (team === null ? withoutTeam(words) : checkUser(directory, { team, user }, words)),
    })),
    ...people.groups.map((group) => ({
      what: SLACK_CHECKS.group(group),
      check: () => checkGroup(client, group, words),
    })),
  ];
}

function withoutTeam({ slackCheck }: Words): Finding {
  return { result: 'skipped', detail: slackCheck.SLACK_CHECK_DETAILS.teamUnknown };
}

type TokenCheck = {
  readonly results: readonly SlackCheckResult[];
  readonly isGood: boolean;
  readonly team: TeamId | null;
};

async function checkToken(client: WebClient, words: Words): Promise<TokenCheck> {
  try {
    const answer = await client.auth.test();
    const scopes = answer.response_metadata?.scopes;
    const detail = words.slackCheck.SLACK_CHECK_DETAILS.tokenBelongsTo(answer.user ?? '?', answer.team ?? '?');
    return {
      results: [
        { what: words.slackCheck.SLACK_CHECKS.botToken, result: 'ok', detail },
        { what: words.slackCheck.SLACK_CHECKS.scopes, ...judgeScopes(scopes, words) },
        { what: words.slackCheck.SLACK_CHECKS.files, ...judgeFiles(scopes, words) },
      ],
      isGood: true,
      team: TeamId.nullable()
        .catch(null)
        .parse(answer.team_id ?? null),
    };
  } catch (error) {
    return {
      results: [{ what: words.slackCheck.SLACK_CHECKS.botToken, ...failedFor('bot', error, words) }],
      isGood: false,
      team: null,
    };
  }
}

function judgeScopes(granted: readonly string[] | undefined, words: Words): Finding {
  if (granted === undefined) return { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.scopesUnknown };
  const missing = Object.keys(BOT_SCOPES).filter((scope) => !granted.includes(scope));
  return missing.length === 0
    ? { result: 'ok', detail: words.slackCheck.SLACK_CHECK_DETAILS.allScopes }
    : { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.scopesMissing(missing) };
}

/** Files are an extra, so a token without the scope is no failure. */
function judgeFiles(granted: readonly string[] | undefined, words: Words): Finding {
  const { canPostFiles, cannotPostFiles } = words.slackCheck.SLACK_CHECK_DETAILS;
  const isGranted = Object.keys(OPTIONAL_BOT_SCOPES).every((scope) => granted?.includes(scope));
  return { result: 'ok', detail: isGranted ? canPostFiles : cannotPostFiles };
}

async function checkAppToken(options: SlackCheckOptions, appToken: string): Promise<SlackCheckResult> {
  const { words } = options;
  const client = new WebClient(appToken, clientOptions(options.slackApiUrl, options.log));
  try {
    await client.apps.connections.open();
    return {
      what: words.slackCheck.SLACK_CHECKS.appToken,
      result: 'ok',
      detail: words.slackCheck.SLACK_CHECK_DETAILS.socketOpens,
    };
  } catch (error) {
    return { what: words.slackCheck.SLACK_CHECKS.appToken, ...failedFor('app', error, words) };
  }
}

async function checkChannel(client: WebClient, id: ChannelId, words: Words): Promise<Finding> {
  const { channel } = await client.conversations.info({ channel: id });
  const name = channel?.name ?? id;
  if (channel?.is_archived) return { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.archived(name) };
  return channel?.is_member
    ? { result: 'ok', detail: words.slackCheck.SLACK_CHECK_DETAILS.inChannel(name) }
    : { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.notInChannel(name) };
}

async function checkUser(directory: SlackDirectory, person: Person, words: Words): Promise<Finding> {
  const answer = await directory.isFullMember(person);
  const detail =
    answer.kind === 'unknown'
      ? words.slackFailure.personDoubt(answer.why)
      : words.slackCheck.SLACK_CHECK_DETAILS[answer.kind === 'yes' ? 'person' : 'noPerson'];
  return { result: answer.kind === 'yes' ? 'ok' : 'failed', detail };
}

async function checkGroup(client: WebClient, group: GroupId, words: Words): Promise<Finding> {
  const { users = [] } = await client.usergroups.users.list({ usergroup: group });
  if (users.length === 0) return { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.groupEmpty };
  return { result: 'ok', detail: words.slackCheck.SLACK_CHECK_DETAILS.groupOf(users.length) };
}

async function tried({ what, check }: Tried, words: Words): Promise<SlackCheckResult> {
  return { what, ...(await check().catch((error: unknown) => failed(error, words))) };
}

function failedFor(token: 'bot' | 'app', error: unknown, words: Words): Finding {
  const failure = slackFailure(error);
  return isTokenRefused(failure)
    ? { result: 'failed', detail: words.slackFailure.tokenRefused(tokenRefused(token, failure)) }
    : failed(error, words);
}

function failed(error: unknown, words: Words): Finding {
  const failure = slackFailure(error);
  if (failure.kind === 'refused' && failure.code === 'channel_not_found') {
    return { result: 'failed', detail: words.slackCheck.SLACK_CHECK_DETAILS.channelNotFound };
  }
  const why = words.slackFailure.slackFailureClause(failure);
  const isUnreachable = failure.kind === 'no-answer' && failure.why.code === 'failed';
  return { result: 'failed', detail: isUnreachable ? words.slackCheck.SLACK_CHECK_DETAILS.unreachable(why) : why };
}
