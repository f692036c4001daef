import { existsSync } from 'node:fs';
import { askHealth, askToDrain, type DrainAnswer, type HealthAnswer } from '../http/ask-health.ts';
import { type HealthSocketPlace, healthSocketFile, recordFile } from '../http/health-socket.ts';
import { isPostgresUrl } from '../model/settings/postgres-url.ts';

export type { HealthReport } from '../http/health-report.ts';

/** Asks the bot of a record for its health. */
export type BotHealth = {
  /** The record's file or URL. */
  readonly record: string;
  /** Whether the record is in a file that does not exist. */
  readonly isMissing: boolean;
  readonly socketFile: string;
  ask(timeoutMs: number): Promise<HealthAnswer>;
  /** Asks the bot to finish its work and end. */
  drain(timeoutMs: number): Promise<DrainAnswer>;
};

/** Does not ask yet. */
export function botHealth(store: HealthSocketPlace): BotHealth {
  const socketFile = healthSocketFile(store);
  const record = recordFile(store.url);
  return {
    record,
    isMissing: !isPostgresUrl(store.url) && !existsSync(record),
    socketFile,
    ask: (timeoutMs) => askHealth(socketFile, timeoutMs),
    drain: (timeoutMs) => askToDrain(socketFile, timeoutMs),
  };
}
