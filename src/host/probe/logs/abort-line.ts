import type { Dialect, Level } from './log-line.ts';
import { shortened } from './message-fields.ts';

/** A Go panic, or an error with which the command line gives up before it has a logger. */
const ABORT = /^(?:panic|fatal error|configuration error): /;
/** logrus on a terminal, as in a container with one: `FATA[0000] words`. */
const TERMINAL = /^(FATA|ERRO|WARN|INFO)\[\d{1,8}\] (.*)$/;
const LEVELS: Readonly<Record<string, Level>> = { FATA: 'fatal', ERRO: 'error', WARN: 'warning', INFO: 'info' };

/** Lines without fields and without a time, with which the registry ends. */
export const abortLine: Dialect = (line) => {
  const [, level = '', words = ''] = TERMINAL.exec(line) ?? [];
  if (LEVELS[level]) return { kind: 'message', at: null, level: LEVELS[level], words: shortened(words), access: null };
  if (!ABORT.test(line)) return null;
  return { kind: 'message', at: null, level: 'fatal', words: shortened(line), access: null };
};
