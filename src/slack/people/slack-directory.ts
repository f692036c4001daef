import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import type { GroupId, UserId } from '../../model/record/ids.ts';
import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';
import { type Locale, localeOfTag } from '../../model/settings/locale.ts';
import type { Directory, MemberAnswer } from '../../workflow/ports/people.ts';
import type { Person } from '../../workflow/requests.ts';
import { slackFailure } from '../connection/slack-failure.ts';
import { ExpiringCache } from './expiring-cache.ts';

/**
 * How long an answer is kept: long enough for a burst of clicks, short enough that a removed approver is refused soon.
 */
const TTL_MS = 30_000;

type GroupAnswer = { readonly users: readonly string[] } | { readonly why: SlackFailure };
type Account = NonNullable<UsersInfoResponse['user']>;
type AccountAnswer = { readonly account: Account } | { readonly why: SlackFailure };
type TeamAnswer = { readonly team: string } | { readonly why: SlackFailure };

/** Asks Slack about memberships. What it can't learn is `unknown`, never yes. */
export class SlackDirectory implements Directory {
  readonly #client: WebClient;
  readonly #groups: ExpiringCache<GroupAnswer>;
  readonly #accounts: ExpiringCache<AccountAnswer>;
  #ownTeam: string | null = null;

  constructor(client: WebClient, now?: () => number) {
    this.#client = client;
    this.#groups = new ExpiringCache(TTL_MS, now);
    this.#accounts = new ExpiringCache(TTL_MS, now);
  }

  async isMember(user: UserId, groups: readonly GroupId[]): Promise<MemberAnswer> {
    const answers = await Promise.all(groups.map((group) => this.#usersOf(group)));
    if (answers.some((answer) => 'users' in answer && answer.users.includes(user))) return { kind: 'yes' };
    const failed = answers.find((answer) => 'why' in answer);
    return failed ? { kind: 'unknown', why: failed.why } : { kind: 'no' };
  }

  async isFullMember({ team, user }: Person): Promise<MemberAnswer> {
    const own = await this.#askOwnTeam();
    if ('why' in own) return { kind: 'unknown', why: own.why };
    const answer = await this.#accountOf(user);
    if ('why' in answer) return { kind: 'unknown', why: answer.why };
    const { account } = answer;
    const isOutsider =
      !isInTeam(account, team, own.team) || account.is_stranger || account.is_restricted || account.is_ultra_restricted;
    return { kind: account.deleted || account.is_bot || isOutsider ? 'no' : 'yes' };
  }

  /** The language that this person has chosen in Slack. Null: it is not one of ours, or Slack does not say. */
  async localeOf(user: UserId): Promise<Locale | null> {
    const answer = await this.#accountOf(user);
    return 'account' in answer && answer.account.locale ? localeOfTag(answer.account.locale) : null;
  }

  #accountOf(user: UserId): Promise<AccountAnswer> {
    return this.#accounts.get(user, async () => {
      try {
        const { user: account } = await this.#client.users.info({ user, include_locale: true });
        if (account !== undefined) return { value: { account }, keep: true };
        return { value: { why: { kind: 'no-answer', why: { code: 'no-user' } } }, keep: false };
      } catch (error) {
        return { value: { why: slackFailure(error) }, keep: false };
      }
    });
  }

  /** The workspace of the bot's token. It never changes. */
  async #askOwnTeam(): Promise<TeamAnswer> {
    if (this.#ownTeam !== null) return { team: this.#ownTeam };
    try {
      const { team_id: team } = await this.#client.auth.test();
      if (team === undefined) return { why: { kind: 'no-answer', why: { code: 'no-team' } } };
      this.#ownTeam = team;
      return { team };
    } catch (error) {
      return { why: slackFailure(error) };
    }
  }

  #usersOf(group: GroupId): Promise<GroupAnswer> {
    return this.#groups.get(group, async () => {
      try {
        const { users } = await this.#client.usergroups.users.list({ usergroup: group });
        return { value: { users: users ?? [] }, keep: true };
      } catch (error) {
        return { value: { why: slackFailure(error) }, keep: false };
      }
    });
  }
}

/**
 * On Enterprise Grid, an account belongs to several workspaces, and a click can come from any of them. Elsewhere, the one of the
 * account and the one of the click are the same.
 */
function isInTeam(account: Account, clickedFrom: string, own: string): boolean {
  const grid = account.enterprise_user?.teams;
  return grid ? grid.includes(own) && grid.includes(clickedFrom) : account.team_id === own && clickedFrom === own;
}
