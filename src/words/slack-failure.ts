/** Why a call of Slack's Web API did not succeed. */
export type SlackFailure =
  /** Slack's own error code: `channel_not_found`. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'rate-limited'; readonly afterMs: number }
  /** No answer, or none of Slack's: the call may still have had its effect. */
  | { readonly kind: 'no-answer'; readonly why: string };
