import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../workflow/ports/bot.ts';

/**
 * Writes the lines of Bolt and the Web API client into our log. Their debug lines hold complete payloads and are left
 * out.
 */
export function boltLogger(log: Log): Logger {
  const text = (parts: readonly unknown[]) => parts.map((part) => String(part)).join(' ');
  return {
    debug: () => {},
    info: (...parts: unknown[]) => log.debug({}, text(parts)),
    warn: (...parts: unknown[]) => log.warn({}, text(parts)),
    error: (...parts: unknown[]) => log.error({}, text(parts)),
    getLevel: () => LogLevel.INFO,
    setLevel: () => {},
    setName: () => {},
  };
}
