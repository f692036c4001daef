import { WebClient } from '@slack/web-api';
import { type ChannelId, type GroupId, TeamId } from '../model/record/ids.ts';
import type { People } from '../model/settings/settings.ts';
import { SLACK_CHECKS as CHECKS, SLACK_CHECK_DETAILS as DETAILS } from '../words/en/slack-check.ts';
import { personDoubt, slackFailureClause, tokenRefused as tokenRefusedWords } from '../words/en/slack-failure.ts';
import type { Log } from '../workflow/ports.ts';
import type { Person } from '../workflow/requests.ts';
import { BOT_SCOPES } from './connection/scopes.ts';
import { clientOptions } from './connection/slack-clients.ts';
import { isTokenRefused, slackFailure, tokenRefused } from './connection/slack-failure.ts';
import { SlackDirectory } from './people/slack-directory.ts';

/** One thing that was really tried. */
export type SlackCheckResult = { readonly what: string; readonly ok: boolean; readonly detail: string };

export type SlackCheckOptions = {
  readonly slackApiUrl: string;
  readonly botToken: string;
  /** Null over HTTP, where there is none. */
  readonly appToken: string | null;
  readonly incidentChannel: ChannelId;
  /** Everybody whom the policies name, and every channel. */
  readonly people: People;
  readonly channels: readonly ChannelId[];
  readonly log: Log;
};

type Finding = { readonly ok: boolean; readonly detail: string };

/** Tries everything that the bot will need of Slack, each by a real call. Never rejects. */
export async function checkSlack(options: SlackCheckOptions): Promise<readonly SlackCheckResult[]> {
  const client = new WebClient(options.botToken, clientOptions(options.slackApiUrl, options.log));
  const token = await checkToken(client);
  const appToken = options.appToken === null ? [] : [await checkAppToken(options, options.appToken)];
  const { team } = token;
  if (team === null) return [...token.results, ...appToken];
  const directory = new SlackDirectory(client);
  const { users, groups } = options.people;
  const others = options.channels.filter((id) => id !== options.incidentChannel);
  return [
    ...token.results,
    ...appToken,
    await checkChannel(client, CHECKS.incidentChannel, options.incidentChannel),
    ...(await Promise.all(others.map((id) => checkChannel(client, CHECKS.channel(id), id)))),
    ...(await Promise.all(users.map((user) => checkUser(directory, { team, user })))),
    ...(await Promise.all(groups.map((group) => checkGroup(client, group)))),
  ];
}

async function checkToken(client: WebClient): Promise<{ results: SlackCheckResult[]; team: TeamId | null }> {
  try {
    const answer = await client.auth.test();
    const scopes = answer.response_metadata?.scopes;
    const detail = DETAILS.tokenBelongsTo(answer.user ?? '?', answer.team ?? '?');
    return {
      results: [
        { what: CHECKS.botToken, ok: true, detail },
        { what: CHECKS.scopes, ...judgeScopes(scopes) },
      ],
      team: TeamId.nullable()
        .catch(null)
        .parse(answer.team_id ?? null),
    };
  } catch (error) {
    return { results: [{ what: CHECKS.botToken, ...failedFor('bot', error) }], team: null };
  }
}

function judgeScopes(granted: readonly string[] | undefined): Finding {
  if (granted === undefined) return { ok: false, detail: DETAILS.scopesUnknown };
  const missing = Object.keys(BOT_SCOPES).filter((scope) => !granted.includes(scope));
  return missing.length === 0
    ? { ok: true, detail: DETAILS.allScopes }
    : { ok: false, detail: DETAILS.scopesMissing(missing) };
}

async function checkAppToken(options: SlackCheckOptions, appToken: string): Promise<SlackCheckResult> {
  const client = new WebClient(appToken, clientOptions(options.slackApiUrl, options.log));
  try {
    await client.apps.connections.open();
    return { what: CHECKS.appToken, ok: true, detail: DETAILS.socketOpens };
  } catch (error) {
    return { what: CHECKS.appToken, ...failedFor('app', error) };
  }
}

function checkChannel(client: WebClient, what: string, id: ChannelId): Promise<SlackCheckResult> {
  return tried(what, async () => {
    const { channel } = await client.conversations.info({ channel: id });
    const name = channel?.name ?? id;
    if (channel?.is_archived) return { ok: false, detail: DETAILS.archived(name) };
    return channel?.is_member
      ? { ok: true, detail: DETAILS.inChannel(name) }
      : { ok: false, detail: DETAILS.notInChannel(name) };
  });
}

async function checkUser(directory: SlackDirectory, person: Person): Promise<SlackCheckResult> {
  const answer = await directory.isFullMember(person);
  const detail =
    answer.kind === 'unknown' ? personDoubt(answer.why) : DETAILS[answer.kind === 'yes' ? 'person' : 'noPerson'];
  return { what: CHECKS.user(person.user), ok: answer.kind === 'yes', detail };
}

function checkGroup(client: WebClient, group: GroupId): Promise<SlackCheckResult> {
  return tried(CHECKS.group(group), async () => {
    const { users = [] } = await client.usergroups.users.list({ usergroup: group });
    if (users.length === 0) return { ok: false, detail: DETAILS.groupEmpty };
    return { ok: true, detail: DETAILS.groupOf(users.length) };
  });
}

async function tried(what: string, check: () => Promise<Finding>): Promise<SlackCheckResult> {
  return { what, ...(await check().catch(failed)) };
}

function failedFor(token: 'bot' | 'app', error: unknown): Finding {
  const failure = slackFailure(error);
  return isTokenRefused(failure)
    ? { ok: false, detail: tokenRefusedWords(tokenRefused(token, failure)) }
    : failed(error);
}

function failed(error: unknown): Finding {
  const failure = slackFailure(error);
  if (failure.kind === 'refused' && failure.code === 'channel_not_found') {
    return { ok: false, detail: DETAILS.channelNotFound };
  }
  return { ok: false, detail: slackFailureClause(failure) };
}
