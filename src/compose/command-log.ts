import { readLogLevel } from '../config/environment.ts';
import { createLog } from '../log.ts';
import type { Log } from '../workflow/ports.ts';

/** A command at a terminal is quiet about its own doings unless LOG_LEVEL asks; never on stdout, where results go. */
export function commandLog({ env, stderr }: Pick<NodeJS.Process, 'env' | 'stderr'>): Log {
  const level = readLogLevel(env, 'silent');
  return createLog(level.kind === 'ok' ? level.value : 'silent', { destination: stderr });
}
