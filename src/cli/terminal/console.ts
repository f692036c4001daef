import type { Environment } from '../../config/environment.ts';
import type { TerminalStyle } from '../../telling/text/terminal-text.ts';
import type { Words } from '../../words/index.ts';
import { terminalStyle } from './terminal-style.ts';

/** Where a command writes. Results go to `out`, messages and progress to `err`. */
export type Console = {
  /** Writes text as it is. */
  out(text: string): void;
  /** Writes one line. */
  err(line: string): void;
  readonly style: TerminalStyle;
  /** In the reader's language. */
  readonly words: Words;
  /** Replaces the progress text on a terminal. Null removes it. */
  progress(text: string | null): void;
};

type Stream = { write(text: string): unknown; readonly isTTY?: boolean };

export type ConsoleParts = {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Environment;
  readonly words: Words;
};

/**
 * Creates a console that uses color only on a terminal that shows it, and not with NO_COLOR (no-color.org) or on a dumb
 * terminal.
 */
export function createConsole({ stdout, stderr, environment, words }: ConsoleParts): Console {
  const colour = stdout.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const moves = stderr.isTTY === true && environment['TERM'] !== 'dumb';
  let isPassing = false;
  return {
    out: (text) => void stdout.write(text),
    // A line replaces the progress text, which returns below it.
    err: (line) => void stderr.write(`${isPassing ? START_OF_LINE_AND_CLEAR : ''}${line}\n`),
    style: terminalStyle(colour),
    words,
    progress: (text) => {
      if (!moves) return;
      isPassing = text !== null;
      stderr.write(`${START_OF_LINE_AND_CLEAR}${text ?? ''}`);
    },
  };
}

/** ECMA-48: carriage return, then EL (erase in line). */
const START_OF_LINE_AND_CLEAR = '\r\u001b[K';
