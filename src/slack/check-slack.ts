import { WebClient } from '@slack/web-api';
import { type ChannelId, type GroupId, TeamId } from '../model/record/ids.ts';
import type { People } from '../model/settings/settings.ts';
import type { Words } from '../words/index.ts';
import type { Log } from '../workflow/ports.ts';
import type { Person } from '../workflow/requests.ts';
import { BOT_SCOPES } from './connection/scopes.ts';
import { clientOptions } from './connection/slack-clients.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './connection/slack-failure.ts';
import { SlackDirectory } from './people/slack-directory.ts';

/** One thing that was tested with a real call. */
export type SlackCheckResult = { readonly what: string; readonly ok: boolean; readonly detail: string };

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

type Finding = { readonly ok: boolean; readonly detail: string };

/** Tests everything that the bot needs from Slack, each with a real call. Never rejects. */
export async function checkSlack(options: SlackCheckOptions): Promise<readonly SlackCheckResult[]> {
  const { words } = options;
  const client = new WebClient(options.botToken, clientOptions(options.slackApiUrl, options.log));
  const token = await checkToken(client, words);
  const appToken = options.appToken === null ? [] : [await checkAppToken(options, options.appToken)];
  const { team } = token;
  if (team === null) return [...token.results, ...appToken];
  const directory = new SlackDirectory(client);
  const { users, groups } = options.people;
  const others = options.channels.filter((id) => id !== options.incidentChannel);
  return [
    ...token.results,
    ...appToken,
    await checkChannel(client, words.slackCheck.SLACK_CHECKS.incidentChannel, options.incidentChannel, words),
    ...(await Promise.all(
      others.map((id) => checkChannel(client, words.slackCheck.SLACK_CHECKS.channel(id), id, words)),
    )),
    ...(await Promise.all(users.map((user) => checkUser(directory, { team, user }, words)))),
    ...(await Promise.all(groups.map((group) => checkGroup(client, group, words)))),
  ];
}

async function checkToken(
  client: WebClient,
  words: Words,
): Promise<{ results: SlackCheckResult[]; team: TeamId | null }> {
  try {
    const answer = await client.auth.test();
    const scopes = answer.response_metadata?.scopes;
    const detail = words.slackCheck.SLACK_CHECK_DETAILS.tokenBelongsTo(answer.user ?? '?', answer.team ?? '?');
    return {
      results: [
        { what: words.slackCheck.SLACK_CHECKS.botToken, ok: true, detail },
        { what: words.slackCheck.SLACK_CHECKS.scopes, ...judgeScopes(scopes, words) },
      ],
      team: TeamId.nullable()
        .catch(null)
        .parse(answer.team_id ?? null),
    };
  } catch (error) {
    return {
      results: [{ what: words.slackCheck.SLACK_CHECKS.botToken, ...failedFor('bot', error, words) }],
      team: null,
    };
  }
}

function judgeScopes(granted: readonly string[] | undefined, words: Words): Finding {
  if (granted === undefined) return { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.scopesUnknown };
  const missing = Object.keys(BOT_SCOPES).filter((scope) => !granted.includes(scope));
  return missing.length === 0
    ? { ok: true, detail: words.slackCheck.SLACK_CHECK_DETAILS.allScopes }
    : { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.scopesMissing(missing) };
}

async function checkAppToken(options: SlackCheckOptions, appToken: string): Promise<SlackCheckResult> {
  const { words } = options;
  const client = new WebClient(appToken, clientOptions(options.slackApiUrl, options.log));
  try {
    await client.apps.connections.open();
    return {
      what: words.slackCheck.SLACK_CHECKS.appToken,
      ok: true,
      detail: words.slackCheck.SLACK_CHECK_DETAILS.socketOpens,
    };
  } catch (error) {
    return { what: words.slackCheck.SLACK_CHECKS.appToken, ...failedFor('app', error, words) };
  }
}

function checkChannel(client: WebClient, what: string, id: ChannelId, words: Words): Promise<SlackCheckResult> {
  return tried(
    what,
    async () => {
      const { channel } = await client.conversations.info({ channel: id });
      const name = channel?.name ?? id;
      if (channel?.is_archived) return { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.archived(name) };
      return channel?.is_member
        ? { ok: true, detail: words.slackCheck.SLACK_CHECK_DETAILS.inChannel(name) }
        : { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.notInChannel(name) };
    },
    words,
  );
}

async function checkUser(directory: SlackDirectory, person: Person, words: Words): Promise<SlackCheckResult> {
  const answer = await directory.isFullMember(person);
  const detail =
    answer.kind === 'unknown'
      ? words.slackFailure.personDoubt(answer.why)
      : words.slackCheck.SLACK_CHECK_DETAILS[answer.kind === 'yes' ? 'person' : 'noPerson'];
  return { what: words.slackCheck.SLACK_CHECKS.user(person.user), ok: answer.kind === 'yes', detail };
}

function checkGroup(client: WebClient, group: GroupId, words: Words): Promise<SlackCheckResult> {
  return tried(
    words.slackCheck.SLACK_CHECKS.group(group),
    async () => {
      const { users = [] } = await client.usergroups.users.list({ usergroup: group });
      if (users.length === 0) return { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.groupEmpty };
      return { ok: true, detail: words.slackCheck.SLACK_CHECK_DETAILS.groupOf(users.length) };
    },
    words,
  );
}

async function tried(what: string, check: () => Promise<Finding>, words: Words): Promise<SlackCheckResult> {
  return { what, ...(await check().catch((error: unknown) => failed(error, words))) };
}

function failedFor(token: 'bot' | 'app', error: unknown, words: Words): Finding {
  const failure = slackFailure(error);
  return isTokenRefused(failure)
    ? { ok: false, detail: words.slackFailure.tokenRefused(tokenRefused(token, failure)) }
    : failed(error, words);
}

function failed(error: unknown, words: Words): Finding {
  const failure = slackFailure(error);
  if (failure.kind === 'refused' && failure.code === 'channel_not_found') {
    return { ok: false, detail: words.slackCheck.SLACK_CHECK_DETAILS.channelNotFound };
  }
  return { ok: false, detail: words.slackFailure.slackFailureClause(failure) };
}
