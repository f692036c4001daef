import { readLogLevel } from '../config/environment.ts';
import { createLog } from '../log.ts';
import type { Log } from '../workflow/ports/bot.ts';

/** A command at a terminal logs nothing unless LOG_LEVEL is set, and never to stdout, where results go. */
export function commandLog({ env, stderr }: Pick<NodeJS.Process, 'env' | 'stderr'>): Log {
  const level = readLogLevel(env, 'silent');
  return createLog(level.kind === 'ok' ? level.value : 'silent', { destination: stderr });
}
