import type { Phrase, Run } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';

/** How words look on a terminal. Without colour the words alone say all of it. */
export type TerminalStyle = {
  bold(text: string): string;
  /** What is wrong. */
  alarming(text: string): string;
  /** What is right. */
  reassuring(text: string): string;
  /** What matters least. */
  faint(text: string): string;
};

/**
 * A phrase as one line for a terminal. Names and paths stand in backticks, so that one can see where they begin and end;
 * no character of them reaches the terminal that it would obey instead of showing it.
 */
export function terminalText(phrase: Phrase, style: TerminalStyle): string {
  return phrase.map((run) => runText(run, style)).join('');
}

function runText(run: Run, style: TerminalStyle): string {
  switch (run.kind) {
    case 'text':
      return run.bold ? style.bold(visibleText(run.text)) : visibleText(run.text);
    case 'code':
      return style.bold(`\`${visibleText(run.text)}\``);
    case 'user':
      return run.user;
    case 'group':
      return run.group;
    case 'channel':
      return run.channel;
    case 'time':
      return localTime(run.at, run.precision);
  }
}

/** In the reader's time zone, with its offset from UTC: `2026-11-23 14:02 +01:00`. */
function localTime(at: string, precision: 'time' | 'date-and-time'): string {
  const moment = new Date(at);
  const [date = '', time = ''] = new Date(moment.getTime() - moment.getTimezoneOffset() * MINUTE_MS)
    .toISOString()
    .split('T');
  const local = `${time.slice(0, 5)} ${offset(-moment.getTimezoneOffset())}`;
  return precision === 'time' ? local : `${date} ${local}`;
}

const MINUTE_MS = 60_000;

function offset(minutesAhead: number): string {
  if (minutesAhead === 0) return 'UTC';
  const minutes = Math.abs(minutesAhead);
  const digits = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${minutesAhead < 0 ? '-' : '+'}${digits.join(':')}`;
}
