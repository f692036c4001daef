import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** The terminal that this program was started on, whatever its standard input and output are. */
export type Terminal = {
  /** Its file descriptor, for a program that asks there itself. */
  readonly descriptor: number;
  /** Asks, and waits for a line. */
  ask(question: string): string;
  close(): void;
};

/** The longest line that a terminal passes on (termios(3), canonical mode). */
const MAX_ANSWER = 4096;

/** Opens the terminal of this process. Null: a service, a container or a pipeline has none. */
export function openTerminal(): Terminal | null {
  const descriptor = opened();
  if (descriptor === null) return null;
  return {
    descriptor,
    ask: (question) => {
      writeSync(descriptor, question);
      const line = Buffer.alloc(MAX_ANSWER);
      return line.toString('utf8', 0, readSync(descriptor, line)).trim();
    },
    close: () => closeSync(descriptor),
  };
}

function opened(): number | null {
  try {
    return openSync('/dev/tty', 'r+');
  } catch {
    return null;
  }
}
