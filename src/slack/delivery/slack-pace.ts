import type { Pace } from '../../workflow/ports/messages.ts';

/**
 * Slack takes about one chat.postMessage a second in a channel, with short bursts, and about 50 chat.update a minute in a workspace
 * (https://docs.slack.dev/apis/web-api/rate-limits). A little less, because two calls can arrive closer together than they were sent.
 */
export const SLACK_PACE: Pace = {
  posts: { burst: 3, everyMs: 1_020 },
  edits: { burst: 5, everyMs: 1_250 },
};
