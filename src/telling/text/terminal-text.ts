import type { Phrase, Run } from '../../words/phrase.ts';
import { visibleText } from '../../words/visible-text.ts';

/** The styles of words on a terminal. Every text says the same without them. */
export type TerminalStyle = {
  bold(text: string): string;
  /** Styles a problem. */
  alarming(text: string): string;
  /** Styles a good result. */
  reassuring(text: string): string;
  /** Styles a detail. */
  faint(text: string): string;
  /**
   * Returns a command of this program as the user has to type it, and other code unchanged. Absent: all code is
   * unchanged.
   */
  asTyped?(code: string): string;
};

/**
 * A phrase as one line for a terminal. Names and paths are in backticks, so that it is visible where they end. No
 * control character in them reaches the terminal.
 */
export function terminalText(phrase: Phrase, style: TerminalStyle): string {
  return phrase.map((run) => runText(run, style)).join('');
}

function runText(run: Run, style: TerminalStyle): string {
  switch (run.kind) {
    case 'text':
      return run.bold ? style.bold(visibleText(run.text)) : visibleText(run.text);
    case 'code':
      return style.bold(`\`${visibleText(style.asTyped?.(run.text) ?? run.text)}\``);
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

/** Writes a time in the terminal's time zone, which it names: `2026-11-23 14:02 +01:00`, `2026-11-23 13:02 UTC`. */
function localTime(at: string, precision: 'time' | 'date-and-time'): string {
  const moment = new Date(at);
  const text = moment.toLocaleString('sv-SE');
  const shown = precision === 'time' ? text.slice(11, 16) : text.slice(0, 16);
  return `${shown} ${offset(-moment.getTimezoneOffset())}`;
}

/** Minutes east of UTC in ISO 8601, and UTC by its name. */
function offset(minutes: number): string {
  if (minutes === 0) return 'UTC';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
