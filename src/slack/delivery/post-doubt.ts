import type { SlackFailure } from '../../model/record/messages/slack-failure.ts';
import type { PostDoubt } from '../../workflow/ports/messages.ts';

/** After these, some of what Slack was asked for might have been done. */
const UNCLEAR_CODES: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Whether something that was to be posted might be in Slack. After an answer that says "not posted", no look-up is needed. */
export function doubtAfter(failure: SlackFailure): PostDoubt {
  return failure.kind === 'no-answer' || isUnclear(failure) ? 'maybe-posted' : 'not-posted';
}

/** Slack failed in its own work: the same might succeed later. */
export function isUnclear(failure: SlackFailure): boolean {
  return failure.kind === 'refused' && UNCLEAR_CODES.has(failure.code);
}
