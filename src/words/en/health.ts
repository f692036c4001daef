import type { ConfigNote, HealthSilence, PartTrouble } from '../../model/health.ts';
import { clock } from '../moment.ts';
import { sentences } from '../sentences.ts';
import { slackTrouble } from './slack-failure.ts';
import { count } from './time.ts';

/** How the bot is, and what `registry-doctor health` says of it. */

/** What is wrong with a part of the bot. */
export const partTrouble = sentences<PartTrouble>({
  'timed-out': ({ timeoutMs }) => `no answer within ${timeoutMs / 1000} s`,
  failed: ({ said }) => said,
  'not-connected': ({ trouble }) =>
    trouble === null ? 'not connected to Slack' : `not connected to Slack: ${slackTrouble(trouble)}`,
});

export function nobodyAnswers(record: string, socketFile: string): string {
  return `No bot answers for the record ${record} (socket ${socketFile}). Check that the bot is running, as this user and with this config.`;
}

export function noRecordYet(record: string): string {
  return `There is no record at ${record}, so no bot runs with this config. Start it, or check store.url.`;
}

export function healthUnknown(socketFile: string, why: HealthSilence): string {
  return `The bot behind ${socketFile} gave no answer: ${healthSilence(why)}. Look at the bot’s log.`;
}

export const DRAINED = 'The bot has finished its work and ended.';

export function stillDraining(seconds: number): string {
  return `The bot was asked to finish its work and end, and still runs after ${seconds} s. Look at its log.`;
}

export function partLine(name: string, why: PartTrouble | null): string {
  return why === null ? `${name}: healthy` : `${name}: unhealthy: ${partTrouble(why)}`;
}

/** What a person should know of a part that works, after its line. */
export function noteLine(configFile: string, note: ConfigNote): string {
  return configNote(configFile)(note);
}

const configNote = (configFile: string) =>
  sentences<ConfigNote>({
    'reload-refused': ({ at, problems, more }) =>
      [
        `The config file was not reloaded at ${clock({ kind: 'time', at, precision: 'date-and-time' })}. The bot goes on with the one before it:`,
        ...problems.map((problem) => `  ${problem}`),
        ...(more > 0 ? [`  and ${count(more, 'more problem')}`] : []),
        `Check it with: registry-doctor check --config ${configFile}. Then reload again.`,
      ].join('\n'),
    'needs-restart': ({ keys }) => `Restart the bot to use the new values of ${keys.join(', ')}.`,
  });

const healthSilence = sentences<HealthSilence>({
  'no-report': () => 'not a health report',
  'too-long': ({ maxBytes }) => `the answer is longer than ${maxBytes} bytes`,
  failed: ({ said }) => said,
});
