import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { messageOf } from '../../model/message-of.ts';
import type { SlackFailure, SlackSilence, SlackTokenRefused } from '../../model/record/messages/slack-failure.ts';

/** The form of Slack's error codes. A proxy's error page does not match. */
const ERROR_CODE = /^[a-z][a-z0-9_:-]{0,79}$/;

/** With these, Slack refuses until someone changes the token or the app. */
const TOKEN_CODES: ReadonlySet<string> = new Set([
  'not_authed',
  'invalid_auth',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
  'not_allowed_token_type',
  'team_access_not_granted',
]);

/** Whether Slack refused the token itself, so that retrying is useless. */
export function isTokenRefused(failure: SlackFailure): failure is Extract<SlackFailure, { kind: 'refused' }> {
  return failure.kind === 'refused' && TOKEN_CODES.has(failure.code);
}

export function tokenRefused(
  token: SlackTokenRefused['token'],
  { code }: Extract<SlackFailure, { kind: 'refused' }>,
): SlackTokenRefused {
  return { kind: 'token-refused', token, code };
}

/** Reads the error of a rejected Web API call. */
export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate-limited', afterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) {
    const code = error.data.error;
    return ERROR_CODE.test(code) ? { kind: 'refused', code } : { kind: 'no-answer', why: { code: 'not-slack' } };
  }
  if (error instanceof WebAPIHTTPError)
    return { kind: 'no-answer', why: { code: 'http-status', status: error.statusCode } };
  if (error instanceof WebAPIRequestError) return { kind: 'no-answer', why: reasonOf(error.original) };
  return { kind: 'no-answer', why: reasonOf(error) };
}

/** `fetch failed` says nothing. Its cause does. */
function reasonOf(error: unknown): SlackSilence {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  return { code: 'failed', said: cause === '' ? messageOf(error) : cause };
}
