import { z } from 'zod';
import { UnreadableRow } from '../unreadable-row.ts';

/** The fault in an answer of Slack, or its absence. */
export const SlackSilence = z.discriminatedUnion('code', [
  z.strictObject({ code: z.literal('http-status'), status: z.number().int() }),
  /** Slack gave no code of its own. */
  z.strictObject({ code: z.enum(['not-slack', 'no-user', 'no-team']) }),
  z.strictObject({ code: z.literal('failed'), said: z.string() }),
]);
export type SlackSilence = z.infer<typeof SlackSilence>;

/** Why a call of Slack's Web API failed. */
export const SlackFailure = z.discriminatedUnion('kind', [
  /** Slack's own error code: `channel_not_found`. */
  z.strictObject({ kind: z.literal('refused'), code: z.string() }),
  z.strictObject({ kind: z.literal('rate-limited'), afterMs: z.number() }),
  /** Slack did not answer, or something else did. The call might still have had its effect. */
  z.strictObject({ kind: z.literal('no-answer'), why: SlackSilence }),
]);
export type SlackFailure = z.infer<typeof SlackFailure>;

/** Why a person is unknown: Slack could not say, or is not asked (at the terminal). */
export const PersonDoubt = z.discriminatedUnion('kind', [
  SlackFailure,
  z.strictObject({ kind: z.literal('not-asked') }),
]);
export type PersonDoubt = z.infer<typeof PersonDoubt>;

/** A channel, or a thread in it (`ts` of its first message), that Slack did not show, and why. */
export type SlackUnread = { readonly channel: string; readonly thread: string | null; readonly why: SlackFailure };

/** A file was not made, so nothing was sent to Slack. */
export const FileNotMade = z.strictObject({ kind: z.literal('not-made'), said: z.string() });
export type FileNotMade = z.infer<typeof FileNotMade>;

/** Why a message will never be posted: Slack refuses it, its file could not be made, or its row can't be read. */
export const GiveUpReason = z.discriminatedUnion('kind', [
  SlackFailure,
  FileNotMade,
  z.strictObject({ kind: z.literal('unreadable'), table: z.string(), key: z.string(), why: UnreadableRow }),
]);
export type GiveUpReason = z.infer<typeof GiveUpReason>;

/** Slack will not take this token, however often it is asked. */
export const SlackTokenRefused = z.strictObject({
  kind: z.literal('token-refused'),
  token: z.enum(['bot', 'app']),
  code: z.string(),
});
export type SlackTokenRefused = z.infer<typeof SlackTokenRefused>;

/** Why Slack and the bot do not reach each other just now, as far as that is known. */
export const SlackTrouble = z.discriminatedUnion('kind', [
  SlackFailure,
  z.strictObject({ kind: z.literal('token-not-checked') }),
  SlackTokenRefused,
  /** The connection ended before Slack had said hello. */
  z.strictObject({ kind: z.literal('ended-early') }),
  /** Other connections of the same app take up all that Slack allows. */
  z.strictObject({ kind: z.literal('too-many-connections') }),
]);
export type SlackTrouble = z.infer<typeof SlackTrouble>;
