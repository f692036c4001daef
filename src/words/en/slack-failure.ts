import { duration } from './time.ts';

/** Why a call of Slack's Web API did not succeed. */
export type SlackFailure =
  /** Slack's own error code: `channel_not_found`. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'rate-limited'; readonly afterMs: number }
  /** No answer, or none of Slack's: the call may have had its effect all the same. */
  | { readonly kind: 'no-answer'; readonly why: string };

/** Why Slack did not do what it was asked, as a clause. */
export function slackFailureClause(failure: SlackFailure): string {
  switch (failure.kind) {
    case 'refused':
      return `Slack says ${failure.code}`;
    case 'rate-limited':
      return `Slack asks to wait for ${duration(failure.afterMs)}`;
    case 'no-answer':
      return `no answer from Slack: ${failure.why}`;
  }
}
