import type { GroupId, TeamId, UserId } from '../../model/record/ids.ts';
import type { PersonDoubt } from '../../model/record/messages/slack-failure.ts';

/** What Slack knows of people. */

/** An answer from Slack about a person. `unknown` if Slack can't say, which counts as no. */
export type MemberAnswer =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'unknown'; readonly why: PersonDoubt };

/** The members of user groups and of the workspace itself. */
export interface Directory {
  isMember(user: UserId, groups: readonly GroupId[]): Promise<MemberAnswer>;
  /**
   * Yes for an active, human, full member of the bot's own workspace. No for guests, bots, deactivated accounts and
   * people of other workspaces (who can click buttons in shared channels).
   */
  isFullMember(person: { readonly team: TeamId; readonly user: UserId }): Promise<MemberAnswer>;
}
