import type { HealthSilence } from '../../model/health-silence.ts';
import type { SlackTrouble } from '../../model/record/slack-failure.ts';
import { sentences } from '../sentences.ts';
import { slackTrouble } from './slack-failure.ts';

/** Why the bot cannot be asked for its health, and what `registry-doctor health` says of it. */

export function healthSocketUnusable(socketFile: string, why: string): string {
  return `Can’t create the health socket ${socketFile}: ${why}. Make the directory of the record (store.url) writable for the bot’s user.`;
}

export function healthSocketPathTooLong(socketFile: string, maxBytes: number): string {
  return `Can’t create the health socket ${socketFile}: a socket’s path has at most ${maxBytes} bytes (unix(7)). Put the record (store.url) into a directory with a shorter path.`;
}

export function healthSocketTaken(socketFile: string): string {
  return `Another bot already uses this record: it answers on ${socketFile}. Stop it, or give this bot a record file of its own (store.url). One record is for one bot.`;
}

export function partTimedOut(timeoutMs: number): string {
  return `no answer within ${timeoutMs / 1000} s`;
}

export function nobodyAnswers(record: string, socketFile: string): string {
  return `No bot answers for the record ${record} (socket ${socketFile}). Check that the bot is running, as this user and with this config.`;
}

export function noRecordYet(record: string): string {
  return `There is no record at ${record}, so no bot runs with this config. Start it, or check store.url.`;
}

export function healthUnknown(socketFile: string, why: HealthSilence): string {
  return `The bot behind ${socketFile} gave no answer: ${healthSilence(why)}. Look at the bot’s log.`;
}

export function partLine(name: string, why: string | null): string {
  return why === null ? `${name}: ok` : `${name}: failing: ${why}`;
}

export function notConnectedToSlack(why: SlackTrouble | null): string {
  return why === null ? 'not connected to Slack' : `not connected to Slack: ${slackTrouble(why)}`;
}

const healthSilence = sentences<HealthSilence>({
  'no-report': () => 'not a health report',
  failed: ({ said }) => said,
});
